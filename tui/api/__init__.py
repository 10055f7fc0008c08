"""The one service object. `service` and `errors` are plain; everything else here may speak HTTP."""
