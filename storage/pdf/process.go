package pdf

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// The environment tells the process which file it reads, and where it puts the
// picture of a page.
const (
	fileEnv    = "HAIDANG_READ_PDF"
	pictureEnv = "HAIDANG_READ_PDF_INTO"
)

func init() {
	if path := os.Getenv(fileEnv); path != "" {
		if err := serve(path, os.Getenv(pictureEnv)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// request asks for the pages of the file or, with a number, for one of them.
type request struct {
	Page int  `json:"page,omitempty"` // from 1
	Draw bool `json:"draw,omitempty"`
}

// answer is what the process says: first that it is ready, then to each request.
type answer struct {
	Pages   int    `json:"pages,omitempty"`
	Width   int    `json:"width,omitempty"` // pixels, of the first page
	Height  int    `json:"height,omitempty"`
	Text    string `json:"text,omitempty"`
	Refused string `json:"refused,omitempty"`
}

// Why a file is refused.
const (
	locked = "locked"
	broken = "broken"
)

// serve is all that the process of its own does, until nobody asks any more.
// When memory runs out, it is the first to go.
func serve(path, picture string) error {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0o600)
	l, err := load()
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(answer{}); err != nil {
		return fmt.Errorf("say that it is ready: %w", err)
	}
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var q request
		if err := json.Unmarshal(requests.Bytes(), &q); err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		a, err := l.answer(q, path, picture)
		if err != nil {
			return err
		}
		if err := out.Encode(a); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	return nil
}

// answer does what is asked. Its error is the machine's; whatever PDFium makes of
// the file is an answer.
func (l *library) answer(q request, path, picture string) (a answer, err error) {
	defer func() {
		if recover() != nil { // the module trapped
			a, err = answer{Refused: broken}, nil
		}
	}()
	if q.Page == 0 {
		return l.open(path)
	}
	if q.Draw {
		if a, err = l.draw(q.Page, picture); err != nil || a.Refused != "" {
			return a, err
		}
	}
	return l.text(q.Page), nil
}
