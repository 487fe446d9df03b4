// Package catalog holds courses: drafts, immutable published versions, their
// modules and lessons, the publishing check and the search over all of it.
package catalog

// Service answers for courses.
type Service struct{}
