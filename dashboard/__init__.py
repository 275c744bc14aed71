"""What people see: the sign-in gate, the server, the Streamlit screens."""
