"""What stands between the network and the desk: who may ask, how much, in what form."""
