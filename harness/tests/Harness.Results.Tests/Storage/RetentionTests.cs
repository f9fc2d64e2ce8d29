using System.Formats.Tar;
using System.IO.Compression;
using Harness.Results.Signing;
using Harness.Results.Tests.Indexing;

namespace Harness.Results.Tests.Storage;

public sealed class RetentionTests : StoreTest
{
    static string[] Ids(params int[] numbers) => [.. numbers.Select(Example.Id)];

    [Fact]
    public async Task A_removed_run_is_gone_from_folders_and_index_and_not_missed()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Example.Run(2));
        using (var store = await OpenAsync()) await store.RemoveAsync(Ids(1), "wrong governor", null, Cancellation);
        Assert.Equal(Ids(0, 2), (await ReadAsync()).Select(run => run.RunId));
        Assert.Equal(Ids(0, 2), (await ReadAsync(new(Suite: "vision"))).Select(run => run.RunId));
        Assert.Empty(await VerifyAsync());
        Assert.Contains("wrong governor", (await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation))[3]);
        var before = IndexBytes.Of(Folder);
        using (var store = await OpenAsync()) await store.RebuildIndexAsync(Cancellation);
        Assert.Equal(before, IndexBytes.Of(Folder));
    }

    [Fact]
    public async Task A_removed_run_does_not_come_back()
    {
        await AppendAsync(Example.Run(0), Example.Run(1));
        using var store = await OpenAsync();
        await store.RemoveAsync(Ids(1), "test", null, Cancellation);
        Assert.Contains("removed", (await Assert.ThrowsAsync<HarnessException>(async () =>
            await store.AppendAsync(Example.Run(1), Cancellation))).Message);
    }

    [Fact]
    public async Task A_run_whose_folder_was_lost_is_missed_until_it_is_given_up()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Example.Run(2));
        Directory.Delete(RunOf(1), recursive: true);
        Assert.Contains($"harness rm {Example.Id(1)}", Assert.Single(await VerifyAsync()).Message);
        using (var store = await OpenAsync())
        {
            var archive = new FileInfo(PathOf("archive.tar.gz"));
            var refused = await Assert.ThrowsAsync<HarnessException>(() => store.RemoveAsync(Ids(0, 1), "lost", archive, Cancellation));
            Assert.Contains("is lost", refused.Message);
            Assert.Single(await store.RemoveAsync(Ids(1), "disk failed", null, Cancellation));
        }
        Assert.Empty(await VerifyAsync());
        Assert.Equal(Ids(0, 2), (await ReadAsync()).Select(run => run.RunId));
    }

    [Fact]
    public async Task Removing_an_unknown_run_deletes_nothing()
    {
        await AppendAsync(Example.Run(0));
        using var store = await OpenAsync();
        await Assert.ThrowsAsync<HarnessException>(() => store.RemoveAsync(Ids(0, 9), "test", null, Cancellation));
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task A_thinned_run_keeps_its_scores_and_its_signature()
    {
        using var key = SigningKey.Create();
        await AppendAsync(key, Example.Run(0), Example.Run(1));
        using (var store = await OpenAsync(key: key))
        {
            Assert.Single(await store.ThinAsync(Ids(0), "older than a year", null, Cancellation));
            Assert.Empty(await store.ThinAsync(Ids(0), "older than a year", null, Cancellation));
        }
        Assert.False(File.Exists(Path.Combine(RunOf(0), "samples.parquet")));
        var runs = await ReadAsync();
        Assert.Equal(CanonicalJson.Write(Example.Run(0)), CanonicalJson.Write(runs[0]));
        Assert.Empty(runs[0].Samples);
        Assert.Equal(20, runs[1].Samples.Count);
        Assert.Empty(await VerifyAsync(new Trust([key.Public], Required: true)));
    }

    [Fact]
    public async Task Files_that_were_deleted_without_the_chain_are_missed_though_a_note_claims_it()
    {
        await AppendAsync(Example.Run(0));
        File.Delete(Path.Combine(RunOf(0), "samples.parquet"));
        await File.WriteAllTextAsync(Path.Combine(RunOf(0), "thinned.json"), "{}", Cancellation);
        Assert.Equal(["samples.parquet", "thinned.json"], (await VerifyAsync()).Select(problem => problem.File).Order());
    }

    [Fact]
    public async Task An_archive_unpacked_into_the_store_brings_thinned_files_back()
    {
        await AppendAsync(Example.Run(0));
        var archive = new FileInfo(PathOf("archive", "2026.tar.gz"));
        using (var store = await OpenAsync()) await store.ThinAsync(Ids(0), "archived", archive, Cancellation);
        Assert.Empty((await ReadAsync())[0].Samples);
        await using (var file = archive.OpenRead())
        await using (var content = new GZipStream(file, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(content, Folder.FullName, overwriteFiles: true, Cancellation);
        Assert.Equal(20, (await ReadAsync())[0].Samples.Count);
        Assert.Empty(await VerifyAsync());
        Assert.Contains("2026.tar.gz sha256:", await File.ReadAllTextAsync(PathOf("chain.log"), Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_cut_short_is_finished_if_the_chain_has_it_and_undone_if_not(bool chained)
    {
        await AppendAsync(Example.Run(0), Example.Run(1));
        var folder = RunOf(1);
        var spare = PathOf("spare");
        Directory.Move(folder, spare);
        if (chained)
        {
            using var store = await OpenAsync();
            Directory.Move(spare, folder);
            await store.RemoveAsync(Ids(1), "test", null, Cancellation);
            Directory.CreateDirectory(spare);
        }
        Directory.CreateDirectory(PathOf(".incoming"));
        Directory.Move(spare, PathOf(".incoming", "removed-" + Path.GetFileName(folder)));
        using (await OpenAsync()) Assert.Empty(Directory.GetDirectories(PathOf(".incoming")));
        Assert.Equal(chained ? Ids(0) : Ids(0, 1), (await ReadAsync()).Select(run => run.RunId));
        Assert.Empty(await VerifyAsync());
    }
}
