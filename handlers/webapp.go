package handlers

// webApp serves the embedded web app.
func (s *Server) webApp() {}
