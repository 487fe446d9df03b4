package courses

import "context"

// Atomic runs a function in one transaction, with the session in its context;
// a nested call joins the outer one. The function may run more than once, so it
// assigns results and never appends, and makes store calls only: what leaves
// the database (mail, files, transcoding) is a job enqueued inside. Refusals
// pass through unchanged; nothing is written when the function returns an error.
type Atomic func(ctx context.Context, run func(ctx context.Context) error) error
