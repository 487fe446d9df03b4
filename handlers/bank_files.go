package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/exchange"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Of a file with questions: 10 MiB and what base64 adds.
const (
	questionsLimit = 14 << 20
	questionsTime  = 2 * time.Minute
)

type questionsFile struct {
	Name   string `json:"name" minLength:"1" maxLength:"200" doc:"Of the file; with its content it tells the format"`
	Format string `json:"format,omitempty" enum:"xlsx,moodle,gift,aiken,qti" doc:"Absent: as name and content tell"`
	File   []byte `json:"file" doc:"At most 10 MiB"`
	Dry    bool   `json:"dry,omitempty" doc:"Only say what would be taken"`
}

// QuestionsTaken is what became of a file with questions.
type QuestionsTaken struct {
	Format  string            `json:"format" enum:"xlsx,moodle,gift,aiken,qti"`
	Taken   int               `json:"taken" doc:"How many were added, or would be"`
	First   []string          `json:"first" nullable:"false" doc:"How the first of them read"`
	Refused []RefusedQuestion `json:"refused" nullable:"false" doc:"Every question that is left out"`
}

// RefusedQuestion is a question of a file that is left out, and why.
type RefusedQuestion struct {
	Row   int    `json:"row" doc:"Of a sheet; the line of a text; else the ordinal from 1"`
	Name  string `json:"name"`
	Code  string `json:"code"`
	Field string `json:"field,omitempty"`
}

func registerBankFiles(api huma.API, r bankRoutes) {
	op := post("importItems", "/api/banks/{unit}/import", "Add the questions of a file; those that cannot be taken are listed and do not hinder the others")
	op.MaxBodyBytes = questionsLimit
	private(api, op, r.takeFile)
	private(api, get("exportItems", "/api/banks/{unit}/export", "The questions of a bank as a file, oldest first"), r.giveFile)
}

type importItemsIn struct {
	BankPath
	Body questionsFile
}

// shownFirst is how many of the questions that are taken an answer quotes.
const shownFirst = 10

func (r bankRoutes) takeFile(ctx context.Context, actor courses.Actor, in *importItemsIn) (*body[QuestionsTaken], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), questionsTime)
	defer cancel()
	file := exchange.QuestionFile{Name: in.Body.Name, Format: exchange.QuestionFormat(in.Body.Format), Data: in.Body.File}
	read, err := r.Banker.Import(ctx, actor, in.Unit, file, in.Body.Dry)
	if err != nil {
		return nil, err
	}
	items := each(read.Items, func(x exchange.ReadItem) assessment.Item { return x.Item })
	return &body[QuestionsTaken]{Body: QuestionsTaken{
		Format: string(read.Format), Taken: len(items),
		First:   each(items[:min(len(items), shownFirst)], func(x assessment.Item) string { return x.Question.Text }),
		Refused: each(read.Refused, func(q exchange.RefusedQuestion) RefusedQuestion { return RefusedQuestion(q) }),
	}}, nil
}

// bankFiles are how files in the formats of banks are called.
var bankFiles = map[string]string{"xlsx": "xlsx", "moodle": "xml", "gift": "txt", "aiken": "txt", "qti": "zip"}

type exportItemsIn struct {
	BankPath
	Format string `query:"format" enum:"xlsx,moodle,gift,aiken,qti" default:"xlsx"`
}

func (r bankRoutes) giveFile(ctx context.Context, actor courses.Actor, in *exportItemsIn) (*file, error) {
	write, err := r.Banker.Export(ctx, actor, in.Unit, exchange.QuestionFormat(in.Format))
	if err != nil {
		return nil, err
	}
	return newFile("Ngan-hang-cau-hoi-"+string(in.Unit), bankFiles[in.Format], write)
}
