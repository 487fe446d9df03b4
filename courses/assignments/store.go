package assignments

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps assignments. They grow with units and years, not with people.
type Store interface {
	// Insert adds one.
	Insert(ctx context.Context, a Assignment) error
	// Withdraw ends one; it says false if that was done already.
	Withdraw(ctx context.Context, id ID, by courses.PersonID, at time.Time) (bool, error)
	// Since is those that were made or withdrawn at an instant or later.
	Since(ctx context.Context, at time.Time) ([]Assignment, error)
}
