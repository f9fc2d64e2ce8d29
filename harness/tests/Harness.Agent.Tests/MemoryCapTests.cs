using Harness.Agent.Running;

namespace Harness.Agent.Tests;

/// <summary>Against a picture of /proc and of the mounts; the kernel itself is asked by the tests of the command line.</summary>
public sealed class MemoryCapTests : IDisposable
{
    const int Process = 4711;
    const string Mounts = "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n";

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory();

    [Fact]
    public void Version_1_has_a_group_under_our_own()
    {
        System("4:memory,pids:/api/x\n0::/\n",
            Mounts + "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n41 31 0:38 / /u rw - cgroup2 cgroup2 rw\n");
        var own = Folder("sys/fs/cgroup/memory/api/x");
        using var cap = MemoryCap.Enter(123_456, _root, Process);
        var group = Path.Combine(own, "harness-4711");
        Assert.Equal(("123456", "4711"), (Read(group, "memory.limit_in_bytes"), Read(group, "cgroup.procs")));
        Assert.False(File.Exists(Path.Combine(group, "memory.memsw.limit_in_bytes")));
        Assert.Null(cap.PeakOrNull);
        File.WriteAllText(Path.Combine(group, "memory.max_usage_in_bytes"), "99\n");
        Assert.Equal(99, cap.PeakOrNull);
    }

    [Fact]
    public void Version_2_has_a_group_beside_our_own()
    {
        System("0::/user/scope\n", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        Folder("sys/fs/cgroup/user/scope");
        File.WriteAllText(Path.Combine(_root.FullName, "sys/fs/cgroup/user/cgroup.subtree_control"), "cpu memory pids\n");
        using var cap = MemoryCap.Enter(5000, _root, Process);
        var group = Path.Combine(_root.FullName, "sys/fs/cgroup/user/harness-4711");
        Assert.Equal(("5000", "4711"), (Read(group, "memory.max"), Read(group, "cgroup.procs")));
    }

    [Fact]
    public void A_mount_may_show_a_part_of_the_hierarchy()
    {
        System("0::/docker/abc/inner/leaf\n", "41 31 0:38 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        Folder("sys/fs/cgroup/inner/leaf");
        File.WriteAllText(Path.Combine(_root.FullName, "sys/fs/cgroup/inner/cgroup.subtree_control"), "memory\n");
        using var cap = MemoryCap.Enter(5000, _root, Process);
        Assert.Equal("5000", Read(Path.Combine(_root.FullName, "sys/fs/cgroup/inner/harness-4711"), "memory.max"));
    }

    [Theory]
    [InlineData("0::/user/scope\n", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "does not hand on the memory controller")]
    [InlineData("0::/elsewhere\n", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "our own group /elsewhere is not to be seen")]
    [InlineData("4:memory:/\n", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "no memory controller is mounted")]
    [InlineData("3:cpu:/\n", Mounts, "there is no memory controller")]
    public void Where_no_group_can_be_made_the_reason_is_said(string groups, string mounts, string problem)
    {
        System(groups, mounts);
        Folder("sys/fs/cgroup/user/scope");
        File.WriteAllText(Path.Combine(_root.FullName, "sys/fs/cgroup/user/cgroup.subtree_control"), "cpu\n");
        var message = Assert.Throws<HarnessException>(() => MemoryCap.Enter(5000, _root, Process)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains("systemd-run", message, StringComparison.Ordinal);
    }

    void System(string groups, string mounts)
    {
        var proc = Folder($"proc/{Process}");
        File.WriteAllText(Path.Combine(proc, "cgroup"), groups);
        File.WriteAllText(Path.Combine(proc, "mountinfo"), mounts);
    }

    string Folder(string path) => _root.CreateSubdirectory(path).FullName;

    static string Read(string group, string file) => File.ReadAllText(Path.Combine(group, file));

    public void Dispose() => _root.Delete(recursive: true);
}
