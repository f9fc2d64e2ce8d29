namespace Harness.Results.Tests.Verifying;

public sealed class DatasetTests : StoreTest
{
    // A run whose test split was another one: its files, hashes and scores all fit each other.
    static RunRecord OfAnotherShard(int number) => Example.Run(number) with
    { Samples = [.. Example.Run(number).Samples.Select(row => row with { Target = row.Target == "3" ? "5" : row.Target,
        Correct = false })] };

    [Fact]
    public async Task A_run_that_was_scored_against_another_shard_is_named()
    {
        await AppendAsync(Example.Run(0), OfAnotherShard(1), Example.Run(2));
        var problem = Assert.Single(await VerifyAsync());
        Assert.Equal("samples.parquet", problem.File);
        Assert.EndsWith("_000001", problem.Folder);
        Assert.Contains("another shard", problem.Message);
    }

    [Fact]
    public async Task With_one_run_on_either_side_both_are_named()
    {
        await AppendAsync(Example.Run(0), OfAnotherShard(1));
        Assert.Equal(2, (await VerifyAsync()).Count);
    }

    [Fact]
    public async Task A_protocol_that_pins_other_files_is_named()
    {
        var other = Example.Run(1);
        other = other with { Dataset = other.Dataset! with { Files = [new("train", 47040016, "md5:7d")] } };
        await AppendAsync(Example.Run(0), other, Example.Run(2));
        var problem = Assert.Single(await VerifyAsync());
        Assert.Equal("run.json", problem.File);
        Assert.EndsWith("_000001", problem.Folder);
    }

    [Fact]
    public async Task Runs_limited_to_fewer_samples_are_compared_among_themselves()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Example.Run(2, samples: 5), Example.Run(3, samples: 5));
        Assert.Empty(await VerifyAsync());
    }
}
