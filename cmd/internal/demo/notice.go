package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/certificates"
	"haidang/courses/laws"
	"haidang/courses/media"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-pdf/fpdf"
)

// item is one numbered item of the notice with what stands below it.
type item struct {
	number string // "" for what comes before the first
	lines  []string
}

var itemStart = regexp.MustCompile(`^(\d)\. (.*)$`)

// notice reads the text of Notice 129-TB/TU, by item.
func notice() ([]item, error) {
	b, err := data.ReadFile("data/notice-129-TB-TU.txt")
	if err != nil {
		return nil, fmt.Errorf("read the notice: %w", err)
	}
	items := []item{{}}
	for _, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		last := &items[len(items)-1]
		switch m := itemStart.FindStringSubmatch(line); {
		case line == "" || line == "Hà Chi": // the last line is the reporter's name
		case m != nil:
			items = append(items, item{number: m[1], lines: []string{m[2]}})
		default:
			last.lines = append(last.lines, strings.TrimPrefix(line, "- "))
		}
	}
	return items, nil
}

// blocks makes an article of an item: the first line, then a list of the others.
func (x item) blocks() []catalog.Block {
	run := func(s string) []catalog.Inline { return []catalog.Inline{{Text: s}} }
	list := []catalog.Block{{Type: "paragraph", Text: run(x.lines[0])}}
	if len(x.lines) > 1 {
		bullets := catalog.Block{Type: "bullets"}
		for _, line := range x.lines[1:] {
			bullets.Items = append(bullets.Items, run(line))
		}
		list = append(list, bullets)
	}
	return list
}

const noticeTitle = "Thông báo số 129-TB/TU: tháo gỡ khó khăn, vướng mắc khi vận hành chính quyền địa phương 02 cấp"

// noticeContent is the course on the notice; video and document are its assets.
func noticeContent(items []item, video, document courses.AssetID) catalog.Content {
	article := func(i int, title string) catalog.Lesson {
		return catalog.Lesson{Kind: catalog.Article, Title: title, Minutes: 5, Blocks: items[i].blocks()}
	}
	return catalog.Content{
		Title: noticeTitle, Knowledge: "quan_ly_nha_nuoc", Tiet: 2,
		Summary:   "Nội dung kết luận của Thường trực Thành ủy ngày 27/8/2025 và việc cần làm ở cấp xã, theo từng mục của Thông báo.",
		Citations: []catalog.Citation{{Number: "129-TB/TU", Abstract: "Thông báo kết luận của Thường trực Thành ủy Hải Phòng, ngày 27/8/2025", Verified: true}},
		Modules: []catalog.Module{
			{Title: "Bối cảnh và yêu cầu chung", Lessons: []catalog.Lesson{
				{Kind: catalog.Video, Title: "Giới thiệu Thông báo 129-TB/TU", Minutes: 2, Asset: video},
				article(0, "Vì sao có Thông báo"), article(1, "Mục 1. Đề xuất giải pháp cho khó khăn, vướng mắc"),
			}},
			{Title: "Nhiệm vụ giao từng cơ quan", Tiet: 1, Lessons: []catalog.Lesson{
				article(2, "Mục 2. Đảng ủy Ủy ban nhân dân thành phố"), article(3, "Mục 3. Ban Tổ chức Thành ủy"), article(4, "Mục 4. Văn phòng Thành ủy"),
			}},
			{Title: "Nhiệm vụ của cơ quan, đơn vị cấp thành phố và cấp xã", Tiet: 1, Lessons: []catalog.Lesson{
				article(5, "Mục 5. Kế hoạch công tác và chuyển đổi số"), article(6, "Mục 6. Đào tạo, bồi dưỡng cán bộ cấp xã"), article(7, "Mục 7. Nêu gương và công tác tư tưởng"),
				{Kind: catalog.Document, Title: "Toàn văn Thông báo (PDF)", Minutes: 10, Asset: document},
			}},
		},
	}
}

// noticePDF is the whole text as a document.
func noticePDF(items []item) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	for style, file := range map[string]string{"": "BeVietnamPro-Regular.ttf", "B": "BeVietnamPro-SemiBold.ttf"} {
		font, err := data.ReadFile("data/" + file)
		if err != nil {
			return nil, fmt.Errorf("read a font: %w", err)
		}
		pdf.AddUTF8FontFromBytes("bvp", style, font)
	}
	pdf.SetTitle(noticeTitle, true)
	pdf.SetLang("vi")
	pdf.SetMargins(25, 20, 20)
	pdf.SetAutoPageBreak(true, 20)
	pdf.AddPage()
	pdf.SetFont("bvp", "B", 15)
	pdf.MultiCell(0, 8, noticeTitle, "", "C", false)
	pdf.Ln(4)
	for _, x := range items {
		for i, line := range x.lines {
			pdf.SetFont("bvp", "", 11)
			if i == 0 && x.number != "" {
				pdf.SetFont("bvp", "B", 11)
				line = x.number + ". " + line
			} else if i > 0 {
				line = "- " + line
			}
			pdf.MultiCell(0, 6, line, "", "J", false)
			pdf.Ln(2)
		}
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write the document: %w", err)
	}
	return b.Bytes(), nil
}

// cardSeconds is how long each title card stands.
const cardSeconds = 9

// noticeVideo has ffmpeg make a film of title cards, one for each item.
func noticeVideo(ctx context.Context, ffmpeg string, items []item) ([]byte, error) {
	dir, err := os.MkdirTemp("", "haidang-demo-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	font, err := data.ReadFile("data/BeVietnamPro-SemiBold.ttf")
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "font.ttf"), font, 0o600); err != nil {
		return nil, fmt.Errorf("write a font: %w", err)
	}
	filters := make([]string, 0, len(items))
	for i, x := range items {
		text := wrap(noticeTitle, 40)
		if x.number != "" {
			text = "Mục " + x.number + "\n\n" + wrap(x.lines[0], 44)
		}
		name := fmt.Sprintf("card%d.txt", i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("write a title card: %w", err)
		}
		filters = append(filters, fmt.Sprintf("drawtext=fontfile=font.ttf:textfile=%s:expansion=none:fontsize=26:fontcolor=white:line_spacing=10:x=56:y=(h-text_h)/2:enable='between(t,%d,%d.99)'",
			name, i*cardSeconds, (i+1)*cardSeconds-1))
	}
	length := fmt.Sprint(len(items) * cardSeconds)
	cmd := exec.CommandContext(ctx, ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin",
		"-f", "lavfi", "-i", "color=c=0x12305a:s=854x480:r=10:d="+length, "-f", "lavfi", "-i", "anullsrc=r=22050:cl=mono",
		"-vf", strings.Join(filters, ","), "-t", length, "-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-g", "20", "-pix_fmt", "yuv420p",
		"-c:a", "aac", "-b:a", "24k", "-movflags", "+faststart", "-bitexact", "notice.mp4")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make the film: %w: %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "notice.mp4"))
	if err != nil {
		return nil, fmt.Errorf("read the film: %w", err)
	}
	return b, nil
}

// cardCues say what the title cards of the film show.
func cardCues(items []item) []media.Cue {
	cues := make([]media.Cue, len(items))
	for i, x := range items {
		text := noticeTitle
		if x.number != "" {
			text = "Mục " + x.number + ": " + x.lines[0]
		}
		cues[i] = media.Cue{FromMs: int64(i * cardSeconds * 1000), ToMs: int64((i+1)*cardSeconds*1000 - 10), Text: wrap(text, 60)}
	}
	return cues
}

// wrap breaks text into lines of at most width characters, five at the most.
func wrap(text string, width int) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	lines = append(lines, line)
	if len(lines) > 5 {
		lines = append(lines[:4], lines[4]+" …")
	}
	return strings.Join(lines, "\n")
}

// upload sends a file through the same door as an author's browser, looks into it
// at once and draws its pages.
func upload(ctx context.Context, a *app.App, actor courses.Actor, owner courses.UnitID, name string, b []byte) (courses.AssetID, error) {
	m := a.Services.Media
	u, err := m.Announce(ctx, actor, name, int64(len(b)), owner)
	if err != nil {
		return "", fmt.Errorf("upload %s: %w", name, err)
	}
	for n := 1; n <= u.PartCount(); n++ {
		part := b[(n-1)*media.PartBytes:][:u.PartSize(n)]
		sum := sha256.Sum256(part)
		if err := m.PutPart(ctx, actor, u.ID, n, hex.EncodeToString(sum[:]), part); err != nil {
			return "", fmt.Errorf("upload %s: %w", name, err)
		}
	}
	_, asset, err := m.Complete(ctx, actor, u.ID)
	if err != nil {
		return "", fmt.Errorf("upload %s: %w", name, err)
	}
	if err := m.Probe(ctx, asset.ID); err != nil {
		return "", fmt.Errorf("look into %s: %w", name, err)
	}
	if asset.Kind == media.Document {
		err = m.Transcode(ctx, asset.ID)
	}
	return asset.ID, err
}

// NoticeFilm is the demo film, for tests that need a real MP4.
func NoticeFilm(ctx context.Context, ffmpeg string) ([]byte, error) {
	items, err := notice()
	if err != nil {
		return nil, err
	}
	return noticeVideo(ctx, ffmpeg, items)
}

// publishNotice makes and publishes the course on the notice.
func publishNotice(ctx context.Context, a *app.App, actor courses.Actor) (catalog.Course, error) {
	items, err := notice()
	if err != nil {
		return catalog.Course{}, err
	}
	film, err := noticeVideo(ctx, a.Config.FFmpeg, items)
	if err != nil {
		return catalog.Course{}, err
	}
	document, err := noticePDF(items)
	if err != nil {
		return catalog.Course{}, err
	}
	filmID, err := upload(ctx, a, actor, "SNV", "Giới thiệu Thông báo 129.mp4", film)
	if err != nil {
		return catalog.Course{}, err
	}
	if _, err := a.Services.Media.SaveCaptions(ctx, actor, filmID, 0, cardCues(items), ""); err != nil {
		return catalog.Course{}, fmt.Errorf("caption the film: %w", err)
	}
	documentID, err := upload(ctx, a, actor, "SNV", "Thông báo 129-TB-TU.pdf", document)
	if err != nil {
		return catalog.Course{}, err
	}
	created, err := a.Services.Catalog.Create(ctx, actor, "TB129-01", noticeTitle, "SNV")
	if err != nil {
		return catalog.Course{}, err
	}
	saved, err := a.Services.Catalog.Save(ctx, actor, created.Course.ID, created.Course.Revision, noticeContent(items, filmID, documentID))
	if err != nil {
		return catalog.Course{}, err
	}
	published, err := approve(ctx, a.Services.Catalog, actor, saved)
	if err != nil {
		return catalog.Course{}, fmt.Errorf("publish the notice: %w", err)
	}
	return published.Course, nil
}

// enterNotice enters the notice into the registry of legal documents, as its own
// text names it.
func enterNotice(ctx context.Context, a *app.App, actor courses.Actor) error {
	_, err := a.Services.Laws.Add(ctx, actor, laws.Document{
		Number: "129-TB/TU", Kind: "thong_bao", Issuer: "Ban Thường vụ Thành ủy Hải Phòng", From: "2025-08-27", Keeper: "SNV",
		Abstract: "Ý kiến về việc vận hành mô hình chính quyền địa phương 02 cấp trên địa bàn thành phố",
	})
	if err != nil {
		return fmt.Errorf("enter the notice: %w", err)
	}
	return nil
}

// certify has an organisation issue certificates. Its signer is invented.
func certify(ctx context.Context, a *app.App, actor courses.Actor) error {
	err := a.Services.Certificates.SaveSettings(ctx, actor, certificates.Settings{
		Unit: "SNV", Issues: true, Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc",
		Parent: "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", Title: "GIẤY CHỨNG NHẬN HOÀN THÀNH", Place: "Hải Phòng",
		SignerTitle: "GIÁM ĐỐC", SignerName: "Bùi Đức Thắng", Suffix: "/GCN-SNV",
	})
	if err != nil {
		return fmt.Errorf("have certificates issued: %w", err)
	}
	return nil
}

// draftOutlines makes a draft of each course outline.
func draftOutlines(ctx context.Context, a *app.App, actor courses.Actor) error {
	list, err := outlines()
	if err != nil {
		return err
	}
	for _, o := range list {
		created, err := a.Services.Catalog.Create(ctx, actor, o.Code, o.Title, o.Issuer)
		if err != nil {
			return fmt.Errorf("draft %s: %w", o.Code, err)
		}
		content := catalog.Content{Title: o.Title, Knowledge: catalog.Knowledge(o.Knowledge), Tiet: o.Tiet, Positions: o.Positions}
		for _, d := range o.Documents {
			content.Citations = append(content.Citations, catalog.Citation{Number: d[0], Verified: d[1] == "verified"})
		}
		for _, m := range o.Modules {
			content.Modules = append(content.Modules, catalog.Module{Title: m.Title, Tiet: m.Tiet})
		}
		if _, err := a.Services.Catalog.Save(ctx, actor, created.Course.ID, created.Course.Revision, content); err != nil {
			return fmt.Errorf("draft %s: %w", o.Code, err)
		}
	}
	return nil
}
