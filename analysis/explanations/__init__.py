"""What people saw where the network looked: explanations of images and of classes, and concept tests."""
