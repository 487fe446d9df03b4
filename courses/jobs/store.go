package jobs

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps jobs and leases.
type Store interface {
	// Insert adds a job; it joins the transaction in ctx.
	Insert(ctx context.Context, j Job) error
	// Take gives the first job of the kinds that is due and holds it until the
	// lease ends; found is false when none is due.
	Take(ctx context.Context, kinds []string, now, until time.Time) (j Job, found bool, err error)
	// Hold renews the lease of a job that was taken; it says false when the job is
	// no longer this taker's.
	Hold(ctx context.Context, j Job, until time.Time) (mine bool, err error)
	// Remove forgets a finished job.
	Remove(ctx context.Context, id courses.JobID) error
	// Delay lets a job be taken again at a later time, with the reason, unless
	// somebody else has taken it meanwhile.
	Delay(ctx context.Context, j Job, reason string) error
	// Lease gives name to owner until the end of the lease, unless another owner
	// holds it.
	Lease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
}
