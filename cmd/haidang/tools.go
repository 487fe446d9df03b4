package main

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses/records"
	"log/slog"
)

type ledgerCommand struct {
	Verify verifyCommand `cmd:"" help:"Recompute the whole ledger; names every entry that was changed, dropped or added."`
	Head   headCommand   `cmd:"" help:"Print the newest signed head and the key that checks it."`
}

type verifyCommand struct {
	app.Config `embed:""`
}

var errLedger = errors.New("the ledger is not what was signed")

// Run recomputes the ledger and fails when anything in it is wrong.
func (c verifyCommand) Run(ctx context.Context) error {
	useLog(slog.LevelWarn)
	return with(ctx, c.Config, func(a *app.App) error {
		wrong := 0
		size, err := a.Services.Records.Verify(ctx, func(f records.Finding) {
			wrong++
			switch {
			case f.Leaf < 0 && f.ID == "":
				fmt.Println(f.What)
			case f.Leaf < 0:
				fmt.Printf("entry %s: %s\n", f.ID, f.What)
			case f.ID == "":
				fmt.Printf("leaf %d: %s\n", f.Leaf, f.What)
			default:
				fmt.Printf("leaf %d, entry %s: %s\n", f.Leaf, f.ID, f.What)
			}
		})
		if err != nil {
			return err
		}
		if wrong > 0 {
			return fmt.Errorf("%w: %d findings in %d entries", errLedger, wrong, size)
		}
		fmt.Printf("%d entries, every one as it was signed\n", size)
		return nil
	})
}

type headCommand struct {
	app.Config `embed:""`
}

// Run prints the newest head.
func (c headCommand) Run(ctx context.Context) error {
	return with(ctx, c.Config, func(a *app.App) error {
		h, key, err := a.Services.Records.Head(ctx)
		if err == nil {
			fmt.Printf("%s\n%s\n", key, h.Note)
		}
		return err
	})
}

type rebuildCommand struct {
	app.Config `embed:""`
}

// Run counts again, mends, and names what differed.
func (c rebuildCommand) Run(ctx context.Context) error {
	useLog(slog.LevelWarn)
	return with(ctx, c.Config, func(a *app.App) error {
		r, err := a.Services.Reports.Rebuild(ctx)
		if err != nil {
			return err
		}
		for _, line := range r.Wrong {
			fmt.Println(line)
		}
		fmt.Printf("%d entries, %d counters, %d differed, %d people's years forgotten\n", r.Entries, r.Counters, len(r.Wrong), r.Forgotten)
		return nil
	})
}

type initCommand struct {
	app.Config `embed:""`
	Admin      string `help:"User name of the first administrator." required:""`
	Name       string `help:"Full name of the first administrator." required:""`
	Unit       string `help:"Code of the administrator's organisation." default:"SKHCN"`
}

// Run fills an empty database with what every installation needs.
func (c initCommand) Run(ctx context.Context) error {
	useLog(slog.LevelWarn)
	return with(ctx, c.Config, func(a *app.App) error {
		if empty, err := demo.Empty(ctx, a); err != nil || !empty {
			return errors.Join(err, errNotEmpty)
		}
		password, err := demo.First(ctx, a, c.Admin, c.Name, c.Unit)
		if err != nil {
			return err
		}
		fmt.Printf("%s signs in with %s and changes it at once.\n", c.Admin, password)
		return nil
	})
}
