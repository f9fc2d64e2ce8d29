namespace Harness.Results.Tests;

public sealed class CrashTests : StoreTest
{
    sealed class Killed : Exception;

    public static TheoryData<string> Steps =>
    [
        "draft folder", "artifacts.sha256", "run.json", "samples.parquet", "timings.parquet", "draft synced", "day folder", "renamed",
        "rename synced", "chained",
    ];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_stop_after_any_step_loses_and_duplicates_nothing(string step)
    {
        await AppendAsync(Example.Run(0));
        using (var store = await OpenAsync())
        {
            store.Reached = reached => { if (reached == step) throw new Killed(); };
            await Assert.ThrowsAsync<Killed>(async () => await store.AppendAsync(Example.Run(1), Cancellation));
        }
        var recorded = step is "renamed" or "rename synced" or "chained";
        await AppendAsync(Example.Run(2));
        int[] expected = recorded ? [0, 1, 2] : [0, 2];
        Assert.Equal(expected.Select(Example.Id), (await ReadAsync()).Select(run => run.RunId));
        Assert.Equal(expected.Length, (await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation)).Length);
        Assert.Empty(Directory.GetDirectories(PathOf(".incoming")));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task A_run_that_a_crash_kept_out_of_the_chain_is_reported_when_it_is_added()
    {
        using (var store = await OpenAsync())
        {
            store.Reached = reached => { if (reached == "renamed") throw new Killed(); };
            await Assert.ThrowsAsync<Killed>(async () => await store.AppendAsync(Example.Run(), Cancellation));
        }
        var problems = new List<ResultProblem>();
        using var again = await OpenAsync(problems.Add);
        Assert.Equal(["chain.log"], problems.Select(problem => problem.File));
    }

    [Fact]
    public async Task A_half_written_line_of_the_chain_is_cut_off_and_written_again()
    {
        await AppendAsync(Example.Run(0), Example.Run(1));
        var text = await File.ReadAllTextAsync(PathOf("chain.log"), Cancellation);
        await File.WriteAllTextAsync(PathOf("chain.log"), text[..^40], Cancellation);
        await AppendAsync(Example.Run(2));
        Assert.Equal(3, (await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation)).Length);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task When_the_chain_cannot_be_written_the_run_is_withdrawn()
    {
        using var store = await OpenAsync();
        store.Reached = reached => { if (reached == "rename synced") Directory.CreateDirectory(PathOf("chain.log")); };
        var error = await Assert.ThrowsAsync<ResultNotStoredException>(async () => await store.AppendAsync(Example.Run(), Cancellation));
        Assert.Contains("Nothing of it was recorded", error.Message);
        Assert.Empty(await ReadAsync());
    }
}
