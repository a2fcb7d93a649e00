"""One file a page. A page speaks to services only, and to no other page."""
