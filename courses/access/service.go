// Package access is signing in: accounts, passwords, throttling and sessions.
package access

// Service signs people in and out.
type Service struct{}
