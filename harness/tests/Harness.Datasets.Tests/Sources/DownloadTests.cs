using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests.Sources;

public sealed class DownloadTests : IDisposable
{
    readonly Fetching _fetching = new(length: 300_000);

    string Part => _fetching.Cached + ".part";

    public void Dispose() => _fetching.Dispose();

    [Theory]
    [InlineData("file")]
    [InlineData("file.gz")]
    public async Task A_file_arrives_plain_or_packed(string path)
    {
        var sent = path.EndsWith(".gz", StringComparison.Ordinal) ? Fetching.Zipped(_fetching.Content) : _fetching.Content;
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(sent));
        await _fetching.FetchAsync(server.Url(path));
        _fetching.AssertArrived();
        Assert.Equal([null], server.Ranges);
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_stopped()
    {
        await using var server = new LoopbackServer(exchange => exchange.Number switch
        {
            1 => exchange.PartAsync(_fetching.Content, 100_000),
            2 => exchange.PartAsync(_fetching.Content, 250_000),
            _ => exchange.FileAsync(_fetching.Content),
        });
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
        Assert.Equal([null, "100000-", "250000-"], server.Ranges);
    }

    [Fact]
    public async Task A_part_of_an_earlier_process_is_resumed()
    {
        Fetching.Put(_fetching.Cache, "set/file.part", _fetching.Content[..200_000]);
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
        Assert.Equal(["200000-"], server.Ranges);
    }

    [Fact]
    public async Task A_part_that_is_whole_already_is_used()
    {
        Fetching.Put(_fetching.Cache, "set/file.part", _fetching.Content);
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
        Assert.Equal(["300000-"], server.Ranges);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_everything_again()
    {
        Fetching.Put(_fetching.Cache, "set/file.part", new byte[200_000]);
        await using var server = new LoopbackServer(async exchange =>
        {
            await exchange.HeadAsync("200 OK", _fetching.Content.Length);
            await exchange.BodyAsync(_fetching.Content);
        });
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
    }

    [Fact]
    public async Task A_part_longer_than_the_file_is_thrown_away()
    {
        Fetching.Put(_fetching.Cache, "set/file.part", new byte[300_001]);
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
        Assert.Equal(["300001-", null], server.Ranges);
    }

    [Fact]
    public async Task A_part_of_something_else_is_refused_once_and_fetched_anew_the_next_time()
    {
        Fetching.Put(_fetching.Cache, "set/file.part", new byte[200_000]);
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        Assert.Contains($"{server.Url("file")} is not the pinned set/file", await _fetching.RefusalAsync(server.Url("file")));
        _fetching.AssertNothingArrived();
        await _fetching.FetchAsync(server.Url("file"));
        _fetching.AssertArrived();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_without_end_is_cut_off(bool resumed)
    {
        if (resumed) Fetching.Put(_fetching.Cache, "set/file.part", _fetching.Content[..200_000]);
        await using var server = new LoopbackServer(exchange => exchange.PartAsync(new byte[5_000_000], 5_000_000));
        var message = await _fetching.RefusalAsync(server.Url("file"));
        Assert.Contains($"{server.Url("file")}: the answer is longer than 368,536 bytes, so it cannot be the pinned file", message);
        Assert.Single(server.Ranges); // no retry makes it shorter
        if (File.Exists(Part)) Assert.Equal(0, new FileInfo(Part).Length);
    }

    [Theory]
    [InlineData("404 Not Found", 1)]
    [InlineData("403 Forbidden", 1)]
    [InlineData("500 Internal Server Error", UrlSource.Attempts)]
    [InlineData("503 Service Unavailable", UrlSource.Attempts)]
    [InlineData("429 Too Many Requests", UrlSource.Attempts)]
    public async Task A_refusal_is_repeated_only_where_it_may_pass(string status, int attempts)
    {
        await using var server = new LoopbackServer(exchange => exchange.HeadAsync(status, 0));
        var message = await _fetching.RefusalAsync(server.Url("file"));
        Assert.Contains($"{server.Url("file")}: the server answered {status}", message);
        Assert.Equal(attempts, server.Ranges.Count);
        Assert.Equal(attempts > 1, message.Contains("(after 5 attempts)"));
    }

    [Fact]
    public async Task Waits_between_attempts_double()
    {
        var began = _fetching.Time.GetTimestamp();
        await using var server = new LoopbackServer(exchange => exchange.HeadAsync("503 Service Unavailable", 0));
        await _fetching.RefusalAsync(server.Url("file"));
        Assert.Equal(1 + 2 + 4 + 8, _fetching.Time.GetElapsedTime(began).TotalSeconds, 1e-6);
    }

    [Fact]
    public async Task A_connection_that_breaks_every_time_is_given_up_but_its_part_is_kept()
    {
        await using var server = new LoopbackServer(exchange => exchange.PartAsync(_fetching.Content, Math.Max(exchange.From, 10_000)));
        var message = await _fetching.RefusalAsync(server.Url("file"));
        Assert.Contains("the connection broke: ", message);
        Assert.Contains("(after 5 attempts)", message);
        Assert.Equal(10_000, new FileInfo(Part).Length);
    }

    [Fact]
    public async Task A_stalled_transfer_is_noticed_after_a_minute_and_taken_up_again()
    {
        await using var server = new LoopbackServer(async exchange =>
        {
            if (exchange.Number == 1)
            {
                await exchange.PartAsync(_fetching.Content, 100_000);
                await exchange.StallAsync();
            }
            await exchange.FileAsync(_fetching.Content);
        });
        var cancellation = TestContext.Current.CancellationToken;
        var fetch = _fetching.Sources.FetchAsync([_fetching.File(server.Url("file"))], _fetching.Cache, cancellation).AsTask();
        await Until(() => File.Exists(Part) && new FileInfo(Part).Length == 100_000);
        _fetching.Time.Advance(TimeSpan.FromSeconds(59));
        await Task.Delay(20, cancellation);
        Assert.Single(server.Ranges);
        await Until(() =>
        {
            _fetching.Time.Advance(TimeSpan.FromSeconds(1)); // the end of the minute, and then the wait before the second attempt
            return server.Ranges.Count == 2;
        });
        await fetch;
        _fetching.AssertArrived();
        Assert.Equal([null, "100000-"], server.Ranges);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_as_the_problem_of_that_address()
    {
        var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        var url = server.Url("file");
        await server.DisposeAsync();
        Assert.Contains($"{url}: Connection refused", await _fetching.RefusalAsync(url));
    }

    [Fact]
    public async Task A_name_that_no_server_knows_is_not_tried_again()
    {
        using var network = new UnknownHost();
        var message = await _fetching.RefusalAsync("http://nowhere.example/file", _fetching.Sources with { Transport = network });
        Assert.Contains("http://nowhere.example/file: Name or service not known", message);
        Assert.Equal(1, network.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_not_taken_for_a_broken_connection()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.CreateSymbolicLink(Part, "/dev/full");
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        var error = await Assert.ThrowsAnyAsync<IOException>(() => _fetching.FetchAsync(server.Url("file")));
        Assert.Contains("No space left on device", error.Message);
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_cancelled_download_ends_and_keeps_its_part()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new LoopbackServer(async exchange =>
        {
            await exchange.PartAsync(_fetching.Content, 100_000);
            await exchange.StallAsync();
        });
        var fetch = _fetching.Sources.FetchAsync([_fetching.File(server.Url("file"))], _fetching.Cache, stop.Token).AsTask();
        await Until(() => File.Exists(Part) && new FileInfo(Part).Length == 100_000);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        Assert.Equal(["file.lock", "file.part"], _fetching.Names());
    }

    sealed class UnknownHost : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known");
        }
    }

    static async Task Until(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }
}
