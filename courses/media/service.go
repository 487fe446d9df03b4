// Package media turns uploads into assets that lessons show.
package media

// Service answers for uploads and assets.
type Service struct{}
