package records

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head is a signed statement of what the first Size leaves are.
type Head struct {
	Size int64
	Note string // signed note: origin, size, hash of the tree
	At   time.Time
}

// Keys sign and check heads.
type Keys struct {
	Origin   string // first line of each head
	Signer   note.Signer
	Verifier note.Verifier
	Public   string // verifier key, to be handed out
}

// NewKey makes a key for an origin: the text that ReadKey reads.
func NewKey(origin string) ([]byte, error) {
	secret, public, err := note.GenerateKey(nil, strings.NewReplacer(" ", "", "+", "").Replace(origin))
	if err != nil {
		return nil, fmt.Errorf("make a ledger key: %w", err)
	}
	return []byte(secret + "\n" + public), nil
}

// ReadKey reads a key that NewKey made.
func ReadKey(origin string, text []byte) (Keys, error) {
	secret, public, _ := strings.Cut(string(text), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Keys{}, fmt.Errorf("read the ledger key: %w", err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Keys{}, fmt.Errorf("read the ledger key: %w", err)
	}
	return Keys{Origin: origin, Signer: signer, Verifier: verifier, Public: public}, nil
}

func (k Keys) sign(size int64, tree tlog.Hash) (string, error) {
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", k.Origin, size, tree)}, k.Signer)
	if err != nil {
		return "", fmt.Errorf("sign a head: %w", err)
	}
	return string(signed), nil
}

// open checks a head's signature and reads it.
func (k Keys) open(h Head) (size int64, tree tlog.Hash, err error) {
	n, err := note.Open([]byte(h.Note), note.VerifierList(k.Verifier))
	if err != nil {
		return 0, tree, fmt.Errorf("check a head: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != k.Origin {
		return 0, tree, errors.New("check a head: it is not one of this ledger")
	}
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return 0, tree, fmt.Errorf("check a head: %w", err)
	}
	if tree, err = tlog.ParseHash(lines[2]); err != nil {
		return 0, tree, fmt.Errorf("check a head: %w", err)
	}
	return size, tree, nil
}

// chunkHashes is how many stored hashes one chunk holds.
const chunkHashes = 256

// hashes is the tree's stored hashes, read in chunks and appended to.
type hashes struct {
	store   Store
	chunks  map[int64][]byte
	changed map[int64]bool
}

func newHashes(store Store) *hashes {
	return &hashes{store: store, chunks: map[int64][]byte{}, changed: map[int64]bool{}}
}

// reader reads stored hashes by their index.
func (h *hashes) reader(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		if err := h.load(ctx, indexes); err != nil {
			return nil, err
		}
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			chunk, at := h.chunks[index/chunkHashes], index%chunkHashes*tlog.HashSize
			if int64(len(chunk)) < at+tlog.HashSize {
				return nil, fmt.Errorf("stored hash %d is missing", index)
			}
			copy(list[i][:], chunk[at:])
		}
		return list, nil
	})
}

// load reads the chunks of the indexes that are not here yet.
func (h *hashes) load(ctx context.Context, indexes []int64) error {
	var wanted []int64
	for _, index := range indexes {
		if _, here := h.chunks[index/chunkHashes]; !here {
			h.chunks[index/chunkHashes] = nil
			wanted = append(wanted, index/chunkHashes)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	read, err := h.store.Hashes(ctx, wanted)
	if err != nil {
		return err
	}
	for i, n := range wanted {
		h.chunks[n] = read[i]
	}
	return nil
}

// add appends the hashes that leaf number n completes.
func (h *hashes) add(ctx context.Context, n int64, leaf tlog.Hash) error {
	list, err := tlog.StoredHashesForRecordHash(n, leaf, h.reader(ctx))
	if err != nil {
		return fmt.Errorf("hash leaf %d: %w", n, err)
	}
	first := tlog.StoredHashCount(n)
	for i, hash := range list {
		index := first + int64(i)
		if err := h.load(ctx, []int64{index}); err != nil {
			return err
		}
		number, at := index/chunkHashes, index%chunkHashes*tlog.HashSize
		if int64(len(h.chunks[number])) < at {
			return fmt.Errorf("stored hashes before %d are missing: run `haidang ledger verify`", index)
		}
		h.chunks[number] = append(h.chunks[number][:at:at], hash[:]...)
		h.changed[number] = true
	}
	return nil
}

// toSave is the chunks that add changed.
func (h *hashes) toSave() map[int64][]byte {
	chunks := make(map[int64][]byte, len(h.changed))
	for n := range h.changed {
		chunks[n] = h.chunks[n]
	}
	return chunks
}
