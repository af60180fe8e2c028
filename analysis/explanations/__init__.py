"""What people saw where the network looked: local explanations now, global ones and concept tests to come."""
