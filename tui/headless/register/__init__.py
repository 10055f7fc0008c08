"""`syncdeck register`: registers syncdeck as an app of a JTL-Wawi on-premises."""
