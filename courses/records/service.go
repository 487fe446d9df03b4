// Package records is the append-only ledger of completions. It knows nobody:
// people are identifiers here.
package records

// Service answers for completions and the ledger.
type Service struct{}
