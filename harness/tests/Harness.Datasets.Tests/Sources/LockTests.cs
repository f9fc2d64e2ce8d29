using System.Diagnostics;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests.Sources;

public sealed class LockTests : IDisposable
{
    readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    [Fact]
    public async Task Eight_fetches_at_once_download_once()
    {
        await using var server = new LoopbackServer(async exchange =>
        {
            await Task.Delay(50, exchange.Cancellation);
            await exchange.FileAsync(_fetching.Content);
        });
        var sources = _fetching.Sources with { Time = TimeProvider.System };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => sources.FetchAsync([_fetching.File(server.Url("file"))],
            _fetching.Cache, TestContext.Current.CancellationToken).AsTask(), TestContext.Current.CancellationToken)));
        _fetching.AssertArrived();
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_fetch_waits_for_one_of_another_process()
    {
        if (!File.Exists("/usr/bin/flock")) Assert.Skip("the other process is flock, which is not installed");
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        var path = Fetching.Put(_fetching.Cache, "set/file.lock", []);
        // Holds the lock, says so, and lets go when its input ends.
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", [path, "sh", "-c", "echo held; cat"])
        { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        var fetch = _fetching.FetchAsync();
        var began = _fetching.Time.GetTimestamp();
        while (_fetching.Time.GetElapsedTime(began) < TimeSpan.FromSeconds(5)) await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.False(fetch.IsCompleted);
        Assert.False(File.Exists(_fetching.Cached));

        other.StandardInput.Close();
        await fetch;
        _fetching.AssertArrived();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_lock_that_is_never_released_is_named_after_half_an_hour()
    {
        var path = Fetching.Put(_fetching.Cache, "set/file.lock", []);
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var began = _fetching.Time.GetTimestamp();
        var fetch = _fetching.RefusalAsync();
        while (!fetch.IsCompleted)
        {
            _fetching.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.Equal($"{path} has been held for 30 min; end the other fetch.", await fetch);
        Assert.InRange(_fetching.Time.GetElapsedTime(began), TimeSpan.FromMinutes(30), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task What_a_crash_left_behind_is_no_hindrance()
    {
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        foreach (var left in new[] { "file.lock", "file.tmp", "file.generated", "file.verified.tmp" })
            Fetching.Put(_fetching.Cache, $"set/{left}", [1, 2, 3]);
        await _fetching.FetchAsync();
        Assert.Equal(_fetching.Content, File.ReadAllBytes(_fetching.Cached));
        Assert.Equal(["file", "file.generated", "file.lock", "file.verified"], _fetching.Names());
    }

    [Fact]
    public async Task A_file_that_arrived_before_a_crash_is_verified_and_stamped()
    {
        Fetching.Put(_fetching.Cache, "set/file", _fetching.Content);
        await _fetching.FetchAsync(sources: _fetching.Sources with { Offline = true });
        _fetching.AssertArrived();
    }
}
