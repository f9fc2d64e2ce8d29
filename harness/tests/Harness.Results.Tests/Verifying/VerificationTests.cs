namespace Harness.Results.Tests.Verifying;

public sealed class VerificationTests : StoreTest
{
    [Fact]
    public async Task An_untouched_store_has_no_problems()
    {
        await AppendAsync(Example.Run(0), Example.Run(1));
        Assert.Empty(await VerifyAsync());
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("samples.parquet")]
    [InlineData("timings.parquet")]
    [InlineData("artifacts.sha256")]
    public async Task One_flipped_bit_is_found_and_named(string file)
    {
        await AppendAsync(Example.Run());
        var path = Path.Combine(OnlyRun(), file);
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        Assert.Contains(await VerifyAsync(), problem => problem.File == file);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        await AppendAsync(Example.Run());
        File.Delete(Path.Combine(OnlyRun(), "samples.parquet"));
        Assert.Equal(["samples.parquet"], (await VerifyAsync()).Select(problem => problem.File));
    }

    [Fact]
    public async Task An_edited_metric_with_a_matching_new_hash_is_found_by_the_chain()
    {
        await AppendAsync(Example.Run());
        var path = Path.Combine(OnlyRun(), "run.json");
        var old = Results.Storage.RunFiles.Hash(await File.ReadAllBytesAsync(path, Cancellation));
        var text = (await File.ReadAllTextAsync(path, Cancellation)).Replace("\"value\":0.9,", "\"value\":0.99,");
        await File.WriteAllTextAsync(path, text, Cancellation);
        var list = Path.Combine(OnlyRun(), "artifacts.sha256");
        var fresh = Results.Storage.RunFiles.Hash(await File.ReadAllBytesAsync(path, Cancellation));
        Assert.NotEqual(old, fresh);
        await File.WriteAllTextAsync(list, (await File.ReadAllTextAsync(list, Cancellation)).Replace(old, fresh), Cancellation);
        Assert.Equal(["artifacts.sha256", "run.json"], (await VerifyAsync()).Select(problem => problem.File));
    }

    [Fact]
    public async Task A_removed_run_is_missed()
    {
        await AppendAsync(Example.Run());
        Directory.Delete(OnlyRun(), recursive: true);
        Assert.Contains("missing", Assert.Single(await VerifyAsync()).Message);
    }

    [Fact]
    public async Task A_run_that_was_put_in_by_hand_is_named()
    {
        await AppendAsync(Example.Run());
        var copy = OnlyRun() + "x";
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(OnlyRunOf(copy))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Assert.Contains("not in the chain", Assert.Single(await VerifyAsync()).Message);
    }

    static string OnlyRunOf(string copy) => copy[..^1];

    [Fact]
    public async Task An_extra_file_in_a_run_folder_is_named()
    {
        await AppendAsync(Example.Run());
        await File.WriteAllTextAsync(Path.Combine(OnlyRun(), "notes.txt"), "x", Cancellation);
        Assert.Equal(["notes.txt"], (await VerifyAsync()).Select(problem => problem.File));
    }

    [Fact]
    public async Task A_removed_line_breaks_the_chain()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Example.Run(2));
        var lines = await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation);
        await File.WriteAllLinesAsync(PathOf("chain.log"), [lines[0], lines[2]], Cancellation);
        Assert.Contains(await VerifyAsync(), problem => problem.Message.Contains("line 2 does not follow", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_a_damaged_run_is_an_error_that_names_the_file()
    {
        await AppendAsync(Example.Run());
        await File.AppendAllTextAsync(Path.Combine(OnlyRun(), "run.json"), " ", Cancellation);
        var error = await Assert.ThrowsAsync<ResultDamagedException>(() => ReadAsync());
        Assert.Equal("run.json", error.Problem.File);
        Assert.Contains(error.Problem.Folder, error.Message);
    }

    [Fact]
    public async Task With_a_listener_the_damaged_run_is_reported_and_the_others_are_read()
    {
        await AppendAsync(Example.Run(0));
        File.Delete(Path.Combine(OnlyRun(), "timings.parquet"));
        await AppendAsync(Example.Run(1));
        var problems = new List<ResultProblem>();
        Assert.Equal([Example.Id(1)], (await ReadAsync(problems: problems.Add)).Select(run => run.RunId));
        Assert.Equal(["timings.parquet"], problems.Select(problem => problem.File));
    }
}
