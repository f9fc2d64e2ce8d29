using System.Text.Json;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Serial;
using Harness.Core.Registry;
using Harness.Datasets;
using Harness.Testing;

namespace Harness.Device.Tests.Serial;

/// <summary>The driver on a pseudo-terminal, with a board at its other end.</summary>
public sealed class SerialAgentTests : IDisposable
{
    const int Side = 9;

    readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("serial");
    readonly FakeBoard board = new(Side);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static Trial Trial { get; } = new("images", "rows", "bars@1", "rows@1", JsonDocument.Parse("{}").RootElement, 1, "mcu", 1);

    [Fact]
    public async Task Every_test_sample_goes_to_the_board_and_its_answer_and_its_time_come_back()
    {
        await using var agent = Agent();

        var observations = await ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(Enumerable.Range(0, 12).Select(index => index % Side), observations.OfType<Predicted>()
            .Select(line => Assert.Single(line.Predictions).GetProperty("label").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 12), observations.OfType<Predicted>().Select(line => line.First));
        // The board's clock wraps on the way, and still each inference took what it took.
        Assert.Equal([.. Enumerable.Repeat(new Timed("offline", 1, 1_500_000), 12), new Timed("single_stream", 5, 7_500_000)],
            observations.OfType<Timed>());
    }

    [Fact]
    public async Task No_command_is_longer_than_the_firmware_takes()
    {
        await using var agent = Agent();

        await ObserveAsync(agent);

        Assert.All(board.Commands, command => Assert.True(command.Length <= 80, command));
        Assert.Contains($"db load {Side * Side}", board.Commands);
    }

    [Fact]
    public async Task The_card_names_firmware_and_model_and_says_that_the_board_is_emulated()
    {
        await using var agent = Agent();

        var card = await agent.DescribeAsync(Cancellation);

        Assert.Equal(("mcu", true, "rows"), (card.Class, card.Emulated, card.Details!["model"]));
        Assert.Equal("mcu-dut-fake-board-emulated", card.Id);
    }

    [Fact]
    public async Task An_input_that_the_board_has_no_room_for_ends_with_the_boards_words()
    {
        await using var agent = Agent(side: 80);

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent))[^1]);

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("6400 exceeds maximum of 4096", finished.Reason);
    }

    [Fact]
    public async Task A_board_that_does_not_answer_is_an_infra_error_that_says_what_to_check()
    {
        board.Deaf = true;
        await using var agent = Agent(patience: TimeSpan.FromMilliseconds(300));

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent))[^1]);

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("is the baud rate right", finished.Reason);
    }

    [Fact]
    public async Task A_cancelled_run_is_aborted()
    {
        board.Deaf = true;
        await using var agent = Agent();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Observation? end = null;
        await foreach (var observation in agent.RunAsync(Trial, cancelled.Token))
        {
            if (observation is PhaseStarted) await cancelled.CancelAsync();
            end = observation;
        }

        Assert.Equal(RunState.Aborted, Assert.IsType<Finished>(end).State);
    }

    [Fact]
    public async Task A_trial_of_a_family_that_the_board_does_not_hold_is_unsupported_and_the_board_hears_nothing()
    {
        await using var agent = new SerialAgent(new(board.Port) { Family = "columns@1" }, Catalogue(Side), cache, new("mcu"),
            TimeProvider.System);

        Assert.Equal(new Finished(RunState.Unsupported, $"The board at {board.Port} holds columns@1 and cannot run rows@1."),
            (await ObserveAsync(agent))[^1]);
        Assert.Empty(board.Commands);
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_an_error()
    {
        await using var agent = new SerialAgent(new("/dev/absent"), Catalogue(Side), cache, new("mcu"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("no serial port /dev/absent", error.Message);
    }

    public void Dispose()
    {
        board.Dispose();
        cache.Delete(recursive: true);
    }

    SerialAgent Agent(int side = Side, TimeSpan? patience = null) => new(
        new SerialOptions(board.Port) { Patience = patience ?? TimeSpan.FromMinutes(1) }, Catalogue(side), cache,
        new DriverOptions("mcu") { LatencySamples = 5 }, TimeProvider.System);

    // Image n has its ink in row n, and is not labelled so, as a board knows no labels.
    static Catalogue Catalogue(int side)
    {
        IReadOnlyList<LabeledImage> images = [.. Enumerable.Range(0, 12).Select(index => Bar(index % side, side))];
        var samples = new Dictionary<Split, IReadOnlyList<LabeledImage>>
        {
            [Split.Train] = images, [Split.Validation] = images, [Split.Test] = images,
        };
        return new([new Suite("images", "Images",
        [
            new Benchmark<LabeledImage, int>("rows", "Rows")
            {
                Datasets = [new InMemoryDataset<LabeledImage>("bars", samples)], Families = [], Metrics = [new NoMetric()],
                Withhold = image => image with { Label = -1 }, Target = image => $"{image.Label}", Answer = row => $"{row}",
            },
        ])]);
    }

    static LabeledImage Bar(int row, int side)
    {
        var pixels = new byte[side * side];
        pixels.AsSpan(row * side, side).Fill(20);
        return new(pixels, 1, side, side, 0);
    }

    static async Task<List<Observation>> ObserveAsync(SerialAgent agent)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Trial, Cancellation)) observations.Add(observation);
        return observations;
    }

    sealed class NoMetric : IMetric<LabeledImage, int>
    {
        public MetricCard Card { get; } = new("none", 1, "None", "1", Direction.Neutral) { Definition = "Nothing." };
        public ITally<LabeledImage, int> Begin() => throw new InvalidOperationException("A driver never scores.");
    }
}
