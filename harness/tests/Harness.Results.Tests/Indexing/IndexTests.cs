using Harness.Results.Indexing;

namespace Harness.Results.Tests.Indexing;

public sealed class IndexTests : StoreTest
{
    sealed class Killed : OperationCanceledException;

    /// <summary>Runs that differ in everything a filter names.</summary>
    static RunRecord Varied(int number)
    {
        var run = Example.Run(number, samples: number % 3);
        return run with
        {
            Trial = run.Trial with
            {
                Suite = number % 2 == 0 ? "vision" : "audio", Family = $"perceptron@{1 + number % 2}",
                Protocol = number % 5 == 0 ? "shd@1" : "mnist@1",
            },
            TrialId = $"trial{number % 4}",
            State = number % 7 == 0 ? RunState.Failed : RunState.Ok,
            Provenance = run.Provenance with { Session = $"session-{number % 3}" },
            Device = run.Device with { Id = $"device-{number % 2}" },
        };
    }

    async Task AppendVariedAsync(int from, int to) => await AppendAsync([.. Enumerable.Range(from, to - from).Select(Varied)]);

    [Fact]
    public async Task Compacting_an_index_that_was_kept_up_to_date_gives_the_bytes_of_a_rebuild()
    {
        await AppendVariedAsync(0, 40);
        await AppendVariedAsync(40, 45);
        using var store = await OpenAsync();
        await store.CompactIndexAsync(Cancellation);
        var compacted = IndexBytes.Of(Folder);
        Assert.Equal(["datasets.parquet", "devices.parquet", "metrics.parquet", "runs.parquet"],
            compacted.Keys.Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        await store.RebuildIndexAsync(Cancellation);
        Assert.Equal(compacted, IndexBytes.Of(Folder));
    }

    [Fact]
    public async Task The_order_of_storing_does_not_change_the_bytes()
    {
        await AppendVariedAsync(0, 20);
        using var temporary = new TemporaryFolder();
        using (var other = await ResultStore.OpenForWritingAsync(temporary.Folder, TimeProvider.System, Cancellation))
        {
            foreach (var number in Enumerable.Range(0, 20).Reverse()) await other.AppendAsync(Varied(number), Cancellation);
            await other.CompactIndexAsync(Cancellation);
        }
        using var store = await OpenAsync();
        await store.CompactIndexAsync(Cancellation);
        Assert.Equal(IndexBytes.Tables(temporary.Folder), IndexBytes.Tables(Folder));
    }

    [Fact]
    public async Task A_filter_gives_the_same_runs_by_index_as_by_folders()
    {
        await AppendVariedAsync(0, 30);
        using var bare = new TemporaryFolder();
        CopyWithoutIndex(bare.Folder);
        using var indexed = ResultStore.OpenForReading(Folder);
        using var folders = ResultStore.OpenForReading(bare.Folder);
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var filter = new ResultFilter(Pick<string?>(null, "vision", "audio", "none"), Pick<string?>(null, "mnist@1", "shd@1"),
                Pick<string?>(null, "perceptron", "perceptron@2", "perceptron@3"), Pick<string?>(null, "session-1", "session-2"),
                Pick<string?>(null, null, Example.Id(3), Example.Id(28), "01KAX"), Pick<string?>(null, null, "trial1", "trial2"),
                Pick<RunState?>(null, RunState.Ok, RunState.Failed), Pick(true, false));
            Assert.Equal(await TextsAsync(folders, filter), await TextsAsync(indexed, filter));
        }

        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
    }

    [Fact]
    public async Task A_filter_opens_only_the_folders_it_needs()
    {
        await AppendVariedAsync(0, 12);
        // Anything that is opened would be reported as damaged.
        foreach (var file in Directory.GetFiles(PathOf("runs"), "run.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("_000003", StringComparison.Ordinal))) await File.WriteAllTextAsync(file, "{}", Cancellation);
        Assert.Equal([Example.Id(3)], (await ReadAsync(new(RunId: Example.Id(3)))).Select(run => run.RunId));
        Assert.Equal([Example.Id(3)], (await ReadAsync(new(Suite: "audio", Session: "session-0", TrialId: "trial3")))
            .Select(run => run.RunId));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("garbage")]
    [InlineData("behind")]
    [InlineData("of another history")]
    public async Task An_index_that_cannot_be_used_is_passed_over_and_made_again_by_the_next_writer(string what)
    {
        await AppendVariedAsync(0, 10);
        await SpoilAsync(what);
        var expected = Enumerable.Range(0, 10).Select(Varied).Where(run => run.Trial.Suite == "audio").Select(run => run.RunId);
        Assert.Equal(expected, (await ReadAsync(new(Suite: "audio"))).Select(run => run.RunId));
        using (var store = await OpenAsync()) await store.CompactIndexAsync(Cancellation);
        var repaired = IndexBytes.Of(Folder);
        using (var store = await OpenAsync()) await store.RebuildIndexAsync(Cancellation);
        Assert.Equal(repaired, IndexBytes.Of(Folder));
    }

    async Task SpoilAsync(string what)
    {
        var index = IndexBytes.Root(Folder);
        if (what == "deleted") Directory.Delete(index, recursive: true);
        else if (what == "behind") Directory.Delete(Path.Combine(index, IndexBytes.Segments(Folder)[^1]), recursive: true);
        else if (what == "of another history")
            foreach (var segment in IndexBytes.Segments(Folder))
                Directory.Move(Path.Combine(index, segment), Path.Combine(index, segment[..^4] + "beef"));
        else
            foreach (var file in Directory.GetFiles(index, "runs.parquet", SearchOption.AllDirectories))
                await File.WriteAllTextAsync(file, "PAR1 no table at all PAR1", Cancellation);
    }

    [Fact]
    public async Task Segments_of_a_size_are_merged_so_that_few_remain()
    {
        await AppendVariedAsync(0, 150);
        Assert.InRange(IndexBytes.Segments(Folder).Count, 1, 3 * 7);
        Assert.Equal(150, (await ReadAsync(new(Suite: "vision"))).Count + (await ReadAsync(new(Suite: "audio"))).Count);
    }

    [Theory]
    [InlineData("index draft")]
    [InlineData("index written")]
    [InlineData("index renamed")]
    [InlineData("index replaced")]
    public async Task A_stop_after_any_step_leaves_an_index_that_the_next_writer_completes(string step)
    {
        await AppendVariedAsync(0, 3);
        using (var store = await OpenAsync())
        {
            store.Reached = reached => { if (reached == step) throw new Killed(); };
            await Assert.ThrowsAsync<Killed>(() => store.CompactIndexAsync(Cancellation));
        }
        Assert.Equal(2, (await ReadAsync(new(Suite: "vision"))).Count);
        using (var store = await OpenAsync()) await store.CompactIndexAsync(Cancellation);
        var completed = IndexBytes.Of(Folder);
        using (var store = await OpenAsync()) await store.RebuildIndexAsync(Cancellation);
        Assert.Equal(completed, IndexBytes.Of(Folder));
    }

    [Fact]
    public async Task A_damaged_run_is_reported_by_index_as_by_folders()
    {
        await AppendVariedAsync(0, 4);
        var damaged = Directory.GetFiles(PathOf("runs"), "run.json", SearchOption.AllDirectories)
            .Single(file => file.Contains("_000002", StringComparison.Ordinal));
        await File.AppendAllTextAsync(damaged, " ", Cancellation);
        using (var store = await OpenAsync()) await store.RebuildIndexAsync(Cancellation);
        var problems = new List<ResultProblem>();
        Assert.Equal([Example.Id(1), Example.Id(3)], (await ReadAsync(new(Suite: "audio"), problems.Add)).Select(run => run.RunId));
        Assert.Equal(["run.json"], problems.Select(problem => problem.File));
    }

    [Fact]
    public async Task A_flipped_bit_of_the_index_is_found()
    {
        await AppendVariedAsync(0, 3);
        Assert.Empty(await VerifyAsync());
        var file = Directory.GetFiles(IndexBytes.Root(Folder), "metrics.parquet", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[bytes.Length / 3] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        Assert.Equal(["metrics.parquet"], (await VerifyAsync()).Select(problem => problem.File));
    }

    [Fact]
    public async Task An_index_of_another_version_is_replaced()
    {
        await AppendVariedAsync(0, 3);
        Directory.Move(IndexBytes.Root(Folder), PathOf("index", "v0"));
        await AppendVariedAsync(3, 4);
        Assert.Equal(["v3"], Directory.GetDirectories(PathOf("index")).Select(Path.GetFileName));
        Assert.Equal(2, (await ReadAsync(new(Suite: "vision"))).Count);
    }

    [Fact]
    public void Segments_that_do_not_follow_one_another_are_left_out()
    {
        Segment[] found = [new(1, 2, Segment.Root, "b"), new(1, 4, Segment.Root, "d"), new(3, 4, "b", "d"), new(5, 5, "d", "e"),
            new(6, 9, "x", "y"), new(5, 6, "c", "f")];
        Assert.Equal([found[1], found[3]], Segment.Row(found));
    }

    static async Task<List<string>> TextsAsync(ResultStore store, ResultFilter filter) =>
        await store.ReadAsync(filter, Cancellation).Select(Example.Text).ToListAsync(Cancellation);

    void CopyWithoutIndex(DirectoryInfo target)
    {
        foreach (var file in Folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.FullName.StartsWith(PathOf("index"), StringComparison.Ordinal)))
        {
            var copy = Path.Combine(target.FullName, Path.GetRelativePath(Folder.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }
    }
}
