package main

import (
	"context"
	"fmt"
	"haidang/cmd/internal/bench"
	"log/slog"
	"os"
	"time"
)

type benchCommand struct {
	Small     bool     `help:"A small data set (1,000 people × 12 courses × 5,000 completions), for a quick look."`
	Fresh     bool     `help:"Make the data set anew even if an earlier run left one that serves."`
	Seconds   int      `help:"How long each side of a figure is measured." default:"5"`
	Data      string   `help:"Folder of the private stores and their data set." default:".cache/bench" type:"path"`
	Only      []string `help:"Parts to measure: events, quizzes, pages, reports, video, studio, search, memory." enum:"events,quizzes,pages,reports,video,studio,search,memory"`
	JSON      string   `help:"File to write the figures to as well." type:"path" name:"json"`
	OnlySheet int      `hidden:""` // how bench has a process of its own write a sheet
}

// Run measures and prints the table.
func (c benchCommand) Run(ctx context.Context) error {
	useLog(slog.LevelWarn)
	if c.OnlySheet > 0 {
		return bench.WriteSheet(os.Stdout, c.OnlySheet)
	}
	if c.Seconds < 1 || c.Seconds > 60 {
		return fmt.Errorf("--seconds %d: from 1 to 60", c.Seconds)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	size := bench.Full
	if c.Small {
		size = bench.Small
		c.Data += "-small"
	}
	return interrupted(ctx, bench.Run(ctx, bench.Options{
		Program: program, Data: c.Data, Fresh: c.Fresh, Size: size, Only: c.Only, While: time.Duration(c.Seconds) * time.Second,
		JSON: c.JSON, Table: os.Stdout, Progress: os.Stderr,
	}))
}
