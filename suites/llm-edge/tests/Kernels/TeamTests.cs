using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Tests.Kernels;

public sealed class TeamTests
{
    sealed class Counting(int parts, int failing = -1) : IShared
    {
        public int[] Runs { get; } = new int[parts];

        public void Run(int part, int worker)
        {
            Assert.InRange(worker, 0, 3);
            Interlocked.Increment(ref Runs[part]);
            if (part == failing) throw new InvalidOperationException($"part {part}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_part_runs_once_in_every_call(int threads)
    {
        using var team = new Team(threads);
        for (var call = 0; call < 3000; call++)
        {
            var work = new Counting(call % 9);
            team.Run(work, work.Runs.Length);
            Assert.All(work.Runs, runs => Assert.Equal(1, runs));
            if (call % 500 == 0) Thread.Sleep(2); // let members fall asleep
        }
    }

    [Fact]
    public void A_failure_in_any_thread_reaches_the_caller_and_the_team_goes_on()
    {
        using var team = new Team(3);
        for (var failing = 0; failing < 20; failing++)
            Assert.Equal($"part {failing}", Assert.Throws<InvalidOperationException>(() => team.Run(new Counting(20, failing),
                20)).Message);
        var work = new Counting(50);
        team.Run(work, 50);
        Assert.All(work.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void A_team_of_nobody_is_refused() => Assert.Contains("at least 1", Assert.Throws<HarnessException>(() => new Team(0)).Message);
}
