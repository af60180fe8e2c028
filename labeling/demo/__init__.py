"""The demo study's photographs, all free, with their attribution in photos/photos.csv."""
