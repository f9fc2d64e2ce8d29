using System.IO.Compression;
using System.Text;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests.Sources;

public sealed class DataSourcesTests : IDisposable
{
    readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    /// <summary>Each place holds the file; one after the other is emptied, and the next one is asked.</summary>
    [Fact]
    public async Task Places_are_asked_in_order_cache_then_data_then_address_then_package_then_generator()
    {
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(_fetching.Content));
        var data = Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        var package = Fetching.Put(_fetching.Packages, "set/file.gz", Fetching.Zipped(_fetching.Content));
        var generated = 0;

        await Fetch(server.Url("file"));
        _fetching.AssertArrived();
        Assert.Empty(server.Ranges); // from the data folder
        File.Delete(data);
        await Fetch(server.Url("file"));
        Assert.Empty(server.Ranges); // from the cache
        Forget();
        await Fetch(server.Url("file"));
        Assert.Single(server.Ranges); // from the address
        Forget();
        await Fetch(url: null);
        Assert.Equal(0, generated); // from the package
        File.Delete(package);
        Forget();
        await Fetch(url: null);
        Assert.Equal(1, generated); // from the generator
        _fetching.AssertArrived();

        Task Fetch(string? url) => _fetching.FetchAsync(url, package: "dataset-set", generate: (_, target, _) =>
        {
            generated++;
            target.Write(_fetching.Content);
        });
    }

    [Theory]
    [InlineData("set/file", false)]
    [InlineData("set/file.gz", true)]
    public async Task A_data_folder_may_hold_the_file_plain_or_packed(string name, bool zipped)
    {
        Fetching.Put(_fetching.Data, name, zipped ? Fetching.Zipped(_fetching.Content) : _fetching.Content);
        await _fetching.FetchAsync();
        _fetching.AssertArrived();
    }

    [Theory]
    [InlineData("file", false)]
    [InlineData("file.gz", true)]
    public async Task A_data_folder_may_hold_the_file_in_an_archive(string entry, bool zipped)
    {
        Archive(("other", [1, 2]), (entry, zipped ? Fetching.Zipped(_fetching.Content) : _fetching.Content));
        await _fetching.FetchAsync();
        _fetching.AssertArrived();
    }

    [Fact]
    public async Task An_archive_without_the_file_is_passed_over()
    {
        Archive(("other", [1, 2]));
        Assert.Contains("HARNESS_DATA: no ", await _fetching.RefusalAsync(sources: _fetching.Sources with { Offline = true }));
    }

    [Fact]
    public async Task A_broken_archive_is_named()
    {
        var path = Fetching.Put(_fetching.Data, "set/all.zip", Encoding.ASCII.GetBytes("this is no archive"));
        Assert.Contains($"{path} is not readable as zip", await _fetching.RefusalAsync());
    }

    [Fact]
    public async Task An_archive_whose_entry_unpacks_to_more_than_the_pinned_size_is_refused()
    {
        Archive(("file", new byte[50_000_000]));
        var message = await _fetching.RefusalAsync();
        Assert.Contains("all.zip!file is not the pinned set/file: expected 100,000 bytes", message);
        Assert.Contains("found more bytes", message);
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public void Opening_an_entry_of_an_archive_unpacks_nothing_yet()
    {
        Archive(("file", new byte[50_000_000]));
        var source = new FolderSource(_fetching.Data, "data", "put it there");
        Open(); // compiled once, so that only the opening is measured
        var before = GC.GetAllocatedBytesForCurrentThread();
        Open();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        void Open() => source.OpenAsync(_fetching.File(), TestContext.Current.CancellationToken).AsTask().Result.Content!.Dispose();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("packed")]
    [InlineData("archive")]
    [InlineData("address")]
    [InlineData("package")]
    public async Task A_flipped_byte_is_refused_wherever_it_comes_from(string place)
    {
        var flipped = (byte[])_fetching.Content.Clone();
        flipped[77_777] ^= 1;
        await using var server = new LoopbackServer(exchange => exchange.FileAsync(flipped));
        if (place == "plain") Fetching.Put(_fetching.Data, "set/file", flipped);
        if (place == "packed") Fetching.Put(_fetching.Data, "set/file.gz", Fetching.Zipped(flipped));
        if (place == "archive") Archive(("file", flipped));
        if (place == "package") Fetching.Put(_fetching.Packages, "set/file", flipped);

        var message = await _fetching.RefusalAsync(place == "address" ? server.Url("file") : null, package: "dataset-set");
        var hash = _fetching.File().Hash;
        Assert.Contains($"is not the pinned set/file: expected 100,000 bytes with {hash}, found 100,000 bytes with sha256:", message);
        Assert.Contains("delete or replace it and fetch again", message);
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public async Task A_flipped_byte_in_the_cache_is_noticed_when_the_file_was_touched()
    {
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        await _fetching.FetchAsync();
        var flipped = (byte[])_fetching.Content.Clone();
        flipped[0] ^= 0x80;
        File.WriteAllBytes(_fetching.Cached, flipped);
        File.SetLastWriteTimeUtc(_fetching.Cached, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains($"{_fetching.Cached} is not the pinned set/file", await _fetching.RefusalAsync());
        Assert.Equal(flipped, File.ReadAllBytes(_fetching.Cached)); // it is the user's to delete
    }

    [Fact]
    public async Task An_unchanged_file_is_not_hashed_twice_and_a_missing_stamp_is_written_again()
    {
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        await _fetching.FetchAsync();
        var stamp = _fetching.Cached + ".verified";
        var written = File.GetLastWriteTimeUtc(stamp);
        await _fetching.FetchAsync();
        Assert.Equal(written, File.GetLastWriteTimeUtc(stamp));
        foreach (var unreadable in new[] { null, "", "{", "{}" })
        {
            if (unreadable is null) File.Delete(stamp);
            else File.WriteAllText(stamp, unreadable);
            await _fetching.FetchAsync();
            _fetching.AssertArrived();
            Assert.Contains(_fetching.File().Hash!, File.ReadAllText(stamp));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task A_truncated_packed_file_is_refused(int percent)
    {
        var zipped = Fetching.Zipped(_fetching.Content);
        var path = Fetching.Put(_fetching.Data, "set/file.gz", zipped[..(zipped.Length * percent / 100)]);
        var message = await _fetching.RefusalAsync();
        Assert.StartsWith(path, message);
        Assert.Contains("delete or replace it and fetch again", message);
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public async Task A_file_that_only_calls_itself_packed_is_refused()
    {
        var path = Fetching.Put(_fetching.Data, "set/file.gz", _fetching.Content);
        Assert.StartsWith($"{path} cannot be unpacked", await _fetching.RefusalAsync());
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public async Task An_offline_refusal_says_what_is_missing_how_it_is_known_and_where_to_put_it()
    {
        const string url = "https://example.org/set/file.gz";
        var message = await _fetching.RefusalAsync(url, _fetching.Sources with { Offline = true }, package: "dataset-set");
        foreach (var part in new[]
        {
            $"set/file (100,000 bytes, {_fetching.File().Hash}, {url})",
            $"HARNESS_DATA: no {Path.Combine(_fetching.Data.FullName, "set/file")}[.gz]",
            "official address: offline", "Debian package: no ", "run: apt-get install dataset-set",
            $"put the decompressed file at {_fetching.Cached}.",
        })
            Assert.Contains(part, message);
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        DataFile[] files = [_fetching.File() with { Name = "set/one" }, _fetching.File(), _fetching.File() with { Name = "set/two" }];
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        var error = await Assert.ThrowsAsync<DataUnavailableException>(async () =>
            await (_fetching.Sources with { Offline = true, Data = _fetching.Data }).FetchAsync(files, _fetching.Cache, cancellation));
        Assert.Contains("set/one (", error.Message);
        Assert.Contains("set/two (", error.Message);
        Assert.True(File.Exists(_fetching.Cached)); // what could be had was fetched
    }

    [Fact]
    public async Task Without_a_data_folder_the_message_says_which_variable_names_one()
    {
        var sources = _fetching.Sources with { Data = null, Offline = true };
        Assert.Contains("HARNESS_DATA: not set", await _fetching.RefusalAsync(sources: sources));
    }

    [Fact]
    public async Task A_generator_that_has_changed_is_noticed()
    {
        var error = await Assert.ThrowsAsync<DataUnavailableException>(() =>
            _fetching.FetchAsync(generate: (_, target, _) => target.Write(_fetching.Content.AsSpan(1))));
        Assert.Contains("generator is not the pinned set/file: expected 100,000 bytes", error.Message);
        Assert.Contains("found 99,999 bytes", error.Message);
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public async Task A_generator_that_fails_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _fetching.FetchAsync(generate: (_, _, _) => throw new InvalidOperationException("bug")));
        _fetching.AssertNothingArrived();
    }

    [Fact]
    public async Task A_pinned_hash_of_an_unknown_kind_is_a_mistake_that_is_named()
    {
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        var error = await Assert.ThrowsAsync<HarnessException>(async () => await _fetching.Sources.FetchAsync(
            [_fetching.File() with { Hash = "crc32:00000000" }], _fetching.Cache, TestContext.Current.CancellationToken));
        Assert.Contains("set/file is pinned as 'crc32:00000000'; a hash begins with 'md5:' or 'sha256:'.", error.Message);
    }

    [Fact]
    public void The_default_sources_are_chosen_once()
    {
        _ = DataSources.Default;
        Assert.Throws<InvalidOperationException>(() => DataSources.Use(_fetching.Sources));
    }

    void Archive(params (string Name, byte[] Content)[] entries)
    {
        using var file = File.Create(Path.Combine(_fetching.Data.CreateSubdirectory("set").FullName, "all.zip"));
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }
    }

    void Forget()
    {
        File.Delete(_fetching.Cached);
        File.Delete(_fetching.Cached + ".verified");
    }
}
