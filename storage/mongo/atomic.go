package mongo

import (
	"context"
	"errors"
	"haidang/courses"

	"go.mongodb.org/mongo-driver/mongo"
)

// Atomic is courses.Atomic on a MongoDB transaction.
func (db *DB) Atomic(ctx context.Context, run func(ctx context.Context) error) error {
	if mongo.SessionFromContext(ctx) != nil {
		return run(ctx) // join the transaction under way
	}
	session, err := db.client.StartSession()
	if err != nil {
		return fault("start session", err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	_, err = session.WithTransaction(ctx, func(ctx mongo.SessionContext) (any, error) {
		return nil, run(ctx)
	})
	var refusal *courses.Error
	if err == nil || errors.As(err, &refusal) {
		return err
	}
	return fault("commit", err)
}
