"""A page to look at: one order, a purchase or the list as one HTML file that needs nothing but itself. In reading order: course.py order.py listing.py plot.py document.py."""
