// Package learning is enrolment, the merging of progress and completion.
package learning

// Service answers for learners.
type Service struct{}
