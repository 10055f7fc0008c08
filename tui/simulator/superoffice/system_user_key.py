"""The key pair of the simulator's system user: made for it alone, it opens nothing anywhere else.

The private half is published here on purpose, so that a console has something to sign with.
"""

import base64

PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCoftLaxe9wa6Tm
cS0DklCgjvEpibZJsaTZhmBNeotcc9rD5YbL8ccvtxc+KMr5v+HqDzdNR4PDhUpk
fo93Dulm0KKjXekXRfgNg3r1r4JKA5oRy5nzk/K5vR5T8edhp2z2O0TCf9oO+yqI
5xwlvhk9Vq7z2ZBhsSSZ6Kr0uRaZSCAKF8IzOTONQi65GIKGxRFHWU1d3TnCZ6NQ
W3uKlYYc1qQ2EB/wXNm1CrI4uqwh+l/VqS1fwMjUmykArWWhbDubxv03v+s5jKB1
ClW9JfG+Tmdps4PC5inmoc8i5iuVj1JzjjgkAW3UssacK5g6PhAmXAb2CiuGqzxC
OFGs9RzxAgMBAAECggEAA+uigpRfLjuU9EcvG9GKVngI+LVTdFrBqg2IPVlD95ha
/1qedK2ZG707+VZn5aB/NEvbFq1araCS8uxmcGfciqfBVwGDAEeAnmjgIioNoyT7
D12wRPR87fEubNfYsUMc5AxMPOXOaDGUI2gUNbUa/3w+OR6Hb1x4rGuXWbcaRWH4
bTJwCmRBD8MW4BVtXiaIejztL3a48+fQ6ZUmEQsisTES+AVtZ3zc1uEigHtWMLTJ
AYAcIlIiuu27qQSu+rAZu94o2yat6fXllXKkSH2BtWCAi7x0mVPRrca4EWusnHQy
hjABQ3yR6GQhnCNdUNxC8WgO/XHFaEofYsMq32xdmQKBgQDciPRmW7XevZGo+4My
OjK+MnMFJ7kYJdUsCwYM6iQQ4r4TtMfpXvsznDndWhB3iYv+IZSJcb/jiApZPNzc
IN09sES05FlAaUj2sKxnHVeWGUGteHmdj4eUNsbaHJXb69Dtv7/lWaIUr5rU3O2G
cMP4l1RYZCzPNJAsnEdVbQNDyQKBgQDDl31DENvAFebvb4JPIcHVtjV4+pRKeDOP
EHDAP5U9hNfMO/bIGCrX2r7Yleoz6q1Ck4NQvAi8Uy6l9j9hzG2Yq8tbmeKDAHp4
KbAtQ6cfwEuXIS1rblS91jvPP6WceAUInfnwaah1NXSdh5f6dJ7JUXVz2jMBca7/
zXgA1JCT6QKBgQDFMDQPffs9gZVHWjRx6bXLeMJ9nooS/GkCK40qaQT8kDFS33dM
xN+pwwu+TzSgHb2t6oqs5qekI9TU++WjckNAUGbus6rWPA3AfjJ5NLRHAqhGGo3r
gxXAQcZF6f9ZGB7FJonH4gBZrLatlClR52xiz7TcIB4s25v6N3ZU/NdJeQKBgB09
Fy+gZIlZfNVMQRmdPUG6ZFH6e5KKV4LKfWBv4Np6clwIlsKgwj7UZ3UvK/yo10+9
h4LZKSEl+jI7FoyDJ9sLy3GdFnxo5OXzrW+GzoPzlhk4j3ag3rAmR3ia1iIG2xHH
s+ZZlSI4ZH9sFq8NIfOMZtdzxe4wVW3OBGNzY02JAoGBANJRmZo2sADT61imb5W+
AlBFVywP0YrseUHdtJ3IKUzh4jVJ4ka+tKUwyFrmmYYnWr4VElaQK4up5iCb8QA2
gU6PdmZMZLhhxqFcR/3xD19eYIy65r1UsUW2OfXAwZOc9S51x9nZdsliL0F6Ct5l
gAN8VdwkYXLWCIfqyzTWLruf
-----END PRIVATE KEY-----
"""  # a test key
EXPONENT = 65_537
MODULUS = int.from_bytes(base64.b64decode("".join(PRIVATE_KEY.splitlines()[1:-1]))[38:294])
"""Its place in the DER of a PKCS#8 key of 2048 bits."""
