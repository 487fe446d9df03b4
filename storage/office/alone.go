package office

import (
	"os/exec"
	"sync"
	"syscall"
)

// alone says whether this machine lets a child have a network and processes of its
// own.
var alone = sync.OnceValue(func() bool {
	cmd := exec.Command("true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	return cmd.Run() == nil
})
