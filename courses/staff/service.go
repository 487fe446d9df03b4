// Package staff knows people, the dated unit tree, positions, postings and
// roles, and decides who may see and do what.
package staff

// Service answers for people, units, positions, postings and roles.
type Service struct{}
