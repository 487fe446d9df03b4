// Package reports answers what HR asks, from counters that a projection keeps.
package reports

// Service answers for reports.
type Service struct{}
