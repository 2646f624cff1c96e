"""What pages show, made of what the ledger answers; and what their forms say, made ready for the ledger."""
