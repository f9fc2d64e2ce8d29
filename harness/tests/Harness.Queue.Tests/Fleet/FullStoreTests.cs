using System.Text.Json;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Tests.Chaos;

namespace Harness.Queue.Tests.Fleet;

public sealed class FullStoreTests
{
    [Fact]
    public Task A_server_whose_disk_was_full_serves_again_when_there_is_room_and_has_lost_nothing() =>
        OwnKernel.RunAsync(nameof(InsideFullStore), slow: false);

    [Fact(Explicit = true)]
    public async Task InsideFullStore()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var disk = OwnKernel.Disk;
        var hung = new TaskCompletionSource();
        var options = new FleetCoordinatorOptions(new(Path.Combine(disk.Folder.FullName, "coordinator")))
        {
            Program = NatsFixture.Program, Port = 0, Plain = true, StorePatience = TimeSpan.FromSeconds(1),
        };
        await using var fleet = await FleetCoordinator.StartAsync(options, TimeProvider.System, line =>
        {
            if (line.Contains("have not answered", StringComparison.Ordinal)) hung.TrySetResult();
        }, cancellation);
        var queue = fleet.Coordinator.Parts.Queue;
        for (var number = 0; number < 5; number++) Assert.True(await queue.EnqueueAsync(Large(number), cancellation));

        disk.Fill();
        var late = Enumerable.Range(5, 3).Select(number => queue.EnqueueAsync(Large(number), cancellation).AsTask()).ToList();
        await hung.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        Assert.DoesNotContain(late, job => job.IsCompletedSuccessfully);
        disk.MakeRoom();

        Assert.All(await Task.WhenAll(late), Assert.True);
        var seeds = new List<int>();
        while (await queue.LeaseOrNullAsync("d0", "cpu", cancellation) is { } lease)
        {
            Assert.Equal(Completion.Accepted, await queue.CompleteAsync(Samples.Result(lease), cancellation));
            seeds.Add(lease.Job.Trial.Seed);
        }
        Assert.Equal(Enumerable.Range(0, 8), seeds.Order());
    }

    /// <summary>A job that does not fit into what is left of a page.</summary>
    static Job Large(int seed) => new("session", 0, Samples.Trial(seed) with
    {
        Configuration = JsonSerializer.SerializeToElement(new { text = new string('x', 20_000) }),
    }, [], new(null, null));
}
