namespace Harness.Results.Tests;

public sealed class FindingTests : StoreTest
{
    static Finding[] Findings =>
    [
        new Comparison(Example.Start, "accuracy.top1", 1, Example.Id(0), Example.Id(1), "paired_samples", -0.01, "worse")
        { Low = -0.02, High = -0.002, P = 0.003, Samples = 2264, Margin = 0.005 },
        new Alert(Example.Start.AddHours(1), "llm.decode_tps@1/phone", "llm.decode_tps", "regression", 21.5, 19.9, 0.078)
        { Q = 0.01, NoiseFloor = 0.012, FirstBadCommit = "a16b1fd", Runs = [Example.Id(0), Example.Id(1)], Reproduce = "harness compare" },
        new Occurrence(Example.Start.AddDays(40), "os_update", "phone-1", "build 15 to 16"),
    ];

    [Fact]
    public async Task Findings_come_back_in_the_order_they_were_stored_and_are_verified()
    {
        using (var store = await OpenAsync())
        {
            foreach (var finding in Findings) await store.AppendAsync(finding, Cancellation);
            await store.AppendAsync(Findings[1], Cancellation);
        }
        using var reader = ResultStore.OpenForReading(Folder);
        var read = await reader.ReadFindingsAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(Findings.Select(CanonicalJson.Write), read.Select(CanonicalJson.Write));
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task An_edited_or_deleted_finding_is_found()
    {
        using (var store = await OpenAsync())
            foreach (var finding in Findings) await store.AppendAsync(finding, Cancellation);
        var files = Directory.GetFiles(PathOf("findings"), "*.json", SearchOption.AllDirectories).Order().ToList();
        File.Delete(files[0]);
        await File.AppendAllTextAsync(files[1], " ", Cancellation);
        Assert.Equal(2, (await VerifyAsync()).Count);
    }

    [Fact]
    public async Task A_finding_that_a_crash_kept_out_of_the_chain_is_added()
    {
        using (var store = await OpenAsync()) await store.AppendAsync(Findings[0], Cancellation);
        File.Delete(PathOf("chain.log"));
        using (await OpenAsync()) Assert.Single(await File.ReadAllLinesAsync(PathOf("chain.log"), Cancellation));
        Assert.Empty(await VerifyAsync());
    }
}
