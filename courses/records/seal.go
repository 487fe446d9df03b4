package records

import (
	"context"
	"fmt"
	"haidang/courses"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// sealMark stands behind the origin in the first line of a sealed text, so that no
// sealed text can be taken for a head.
const sealMark = " text"

// Seal signs a text of one line with the ledger's key: the lines of signatures of a
// note whose text is the origin with sealMark and that line.
func (s *Service) Seal(text string) (string, error) {
	signed, err := note.Sign(&note.Note{Text: s.keys.Origin + sealMark + "\n" + text + "\n"}, s.keys.Signer)
	if err != nil {
		return "", fmt.Errorf("seal a text: %w", err)
	}
	_, signatures, _ := strings.Cut(string(signed), "\n\n")
	return signatures, nil
}

// Sealed says that the ledger's key signed the text.
func (s *Service) Sealed(text, seal string) bool {
	_, err := note.Open([]byte(s.keys.Origin+sealMark+"\n"+text+"\n\n"+seal), note.VerifierList(s.keys.Verifier))
	return err == nil
}

// Proof is what shows, without the rest of the ledger, that an entry is in it.
type Proof struct {
	Leaf int64
	Hash string   // base64, of the leaf
	Path []string // base64, from the leaf to the head (RFC 6962)
	Head Head
}

// Prove gives the proof of an entry in the newest head, nil while it is pending. It
// refuses with ErrNoCompletion.
func (s *Service) Prove(ctx context.Context, id courses.CompletionID) (*Proof, error) {
	c, err := s.store.Find(ctx, id)
	if err != nil || c.Leaf == nil {
		return nil, err
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	hash, err := c.hash()
	if err != nil {
		return nil, err
	}
	path, err := tlog.ProveRecord(head.Size, *c.Leaf, newHashes(s.store).reader(ctx))
	if err != nil {
		return nil, fmt.Errorf("prove entry %d: %w", *c.Leaf, err)
	}
	p := &Proof{Leaf: *c.Leaf, Hash: hash.String(), Head: head, Path: make([]string, len(path))}
	for i, h := range path {
		p.Path[i] = h.String()
	}
	return p, nil
}
