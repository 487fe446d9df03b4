// Package office has LibreOffice turn documents of the programs before 2007 into
// those of today. A document comes from outside: the converter gets no network,
// no macros, a home of its own that is thrown away, and bounds for all it uses.
package office

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"haidang/courses/media"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Bounds of one conversion.
const (
	patience   = 3 * time.Minute
	cpuSeconds = 120
	memoryKiB  = 3 << 20   // of addresses; LibreOffice itself reserves one GiB
	fileBlocks = 200 << 11 // 200 MiB, in blocks of 512 bytes
)

// Converter implements media.Converter with a LibreOffice program.
type Converter struct{ soffice string }

// Find is a converter with the LibreOffice program of that name or path; found is
// false where there is none.
func Find(soffice string) (c *Converter, found bool) {
	path, err := exec.LookPath(soffice)
	return &Converter{soffice: path}, soffice != "" && err == nil
}

var _ media.Converter = (*Converter)(nil)

// filters name how LibreOffice reads and writes: it never guesses by content, so
// that a document of another kind does not come in under this name.
var filters = map[string]struct{ read, write, ext string }{
	".doc": {"MS Word 97", "MS Word 2007 XML", ".docx"},
	".ppt": {"MS PowerPoint 97", "Impress MS PowerPoint 2007 XML", ".pptx"},
}

// Convert implements media.Converter.
func (c *Converter) Convert(ctx context.Context, source, dir string) (string, error) {
	filter, known := filters[strings.ToLower(filepath.Ext(source))]
	if !known {
		return "", fmt.Errorf("no filter for %s", filepath.Ext(source))
	}
	home := filepath.Join(dir, "office")
	if err := furnish(home); err != nil {
		return "", err
	}
	defer os.RemoveAll(home)
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said, err := c.run(limited, home,
		"--infilter="+filter.read, "--convert-to", strings.TrimPrefix(filter.ext, ".")+":"+filter.write, "--outdir", dir, source)
	if ctx.Err() != nil {
		return "", fmt.Errorf("run LibreOffice: %w", ctx.Err())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && limited.Err() == nil {
		return "", fmt.Errorf("run LibreOffice: %w", err)
	}
	made := strings.TrimSuffix(source, filepath.Ext(source)) + filter.ext
	info, lost := os.Stat(made)
	if err != nil || lost != nil || info.Size() == 0 { // it ends well without a file, too
		return "", fmt.Errorf("%w: %s", media.ErrConvert, cmp.Or(said, fmt.Sprint(err)))
	}
	return made, nil
}

// limits has the shell bound what follows, at low priority; the shell then is
// that program.
var limits = fmt.Sprintf(`ulimit -v %d && ulimit -t %d && ulimit -f %d && ulimit -c 0 && exec nice -n 15 "$@"`, memoryKiB, cpuSeconds, fileBlocks)

// run calls LibreOffice in a session of its own and gives the last that it said;
// whoever stops it stops all that it began.
func (c *Converter) run(ctx context.Context, home string, args ...string) (string, error) {
	all := append([]string{"-c", limits, "sh", c.soffice, "-env:UserInstallation=" + (&url.URL{Scheme: "file", Path: home}).String(), "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"}, args...)
	cmd := exec.CommandContext(ctx, "sh", all...)
	cmd.Dir = home
	cmd.Env = []string{"HOME=" + home, "TMPDIR=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp"}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = apart()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	runtime.LockOSThread() // the kernel ends a child with the thread that began it
	defer runtime.UnlockOSThread()
	err := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left behind, if anything
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	return lines[len(lines)-1], err
}

// apart gives a child a process group of its own and, where the machine allows it,
// a network in which there is nobody, and processes that end with the first. Else
// it keeps to the settings of furnish.
func apart() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if alone() {
		attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
	}
	return attr
}

// settings are what LibreOffice is told before its first start: no macros, no
// active content, nothing from outside the document, and no way out.
var settings = []struct{ path, name, value string }{
	{"org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"},
	{"org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"},
	{"org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"},
	{"org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"},
	{"org.openoffice.Office.Common/Misc", "FirstRun", "false"},
	{"org.openoffice.Office.Writer/Content/Update", "Link", "0"},
	{"org.openoffice.Office.Calc/Content/Update", "Link", "1"},
	{"org.openoffice.Inet/Settings", "ooInetProxyType", "2"},
	{"org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"},
	{"org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"},
	{"org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"},
	{"org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"},
}

// furnish makes a home with the settings in it.
func furnish(home string) error {
	user := filepath.Join(home, "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return fmt.Errorf("make a home for LibreOffice: %w", err)
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<oor:items xmlns:oor="http://openoffice.org/2001/registry">` + "\n")
	for _, s := range settings {
		fmt.Fprintf(&b, `<item oor:path="/%s"><prop oor:name="%s" oor:op="fuse"><value>%s</value></prop></item>`+"\n", s.path, s.name, s.value)
	}
	b.WriteString("</oor:items>\n")
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("write the settings of LibreOffice: %w", err)
	}
	return nil
}
