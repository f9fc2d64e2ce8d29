using Harness.Agent.Conformance;
using Harness.Agent.Running;
using Harness.Agent.Tests.Running;

namespace Harness.Agent.Tests.Conformance;

public sealed class WorkerCheckTests
{
    const string Request = "read request; ";
    const string Predict = """echo '{"type":"predicted","first":0,"predictions":[{"value":1}]}'; """;
    const string Phase = """echo '{"type":"phase","phase":"train"}'; """;

    // Keeps what a whole run shows; each test breaks one thing of it.
    const string Good = Shell.Hello + Request + Phase + Predict + Shell.Finish;

    [Fact]
    public async Task The_worker_of_the_harness_breaks_no_rule()
    {
        var verdicts = await Check(new WorkerCommand(Environment.ProcessPath!, ["worker"])).RunAsync(Cancellation)
            .ToListAsync(Cancellation);

        Assert.DoesNotContain(verdicts, verdict => verdict.Verdict == Verdict.Broken);
        Assert.Equal(["hello", "order", "result", "exit", "log", "unknown members", "cancel", "end of input", "unknown family",
            "other protocol", "bad request", "no request"], verdicts.Select(verdict => verdict.Rule));
        Assert.True(verdicts.Count(verdict => verdict.Verdict == Verdict.Kept) >= 10);
    }

    [Theory]
    [InlineData("hello", Request + Phase + Shell.Finish, "must be a hello")]
    [InlineData("hello", "echo 'Loading model...'; cat > /dev/null", "Loading model")]
    [InlineData("hello", "echo 'no such library' >&2; exit 1", "no such library")]
    [InlineData("order", Shell.Hello + Request + Phase, "without a finished")]
    [InlineData("order", Good + Phase, "after the finished")]
    [InlineData("order", Shell.Hello + Shell.Hello + Request + Shell.Finish, "hello twice")]
    [InlineData("result", Shell.Hello + Request + Shell.Finish, "has none")]
    [InlineData("result", Shell.Hello + Request + """echo '{"type":"finished","state":"failed"}'""", "needs a reason")]
    [InlineData("exit", Good + "exit 3", "code 3")]
    [InlineData("log", Shell.Hello + Request + "head -c 1100000 /dev/zero | tr '\\0' x >&2; " + Predict + Shell.Finish, "1100000 bytes")]
    [InlineData("unknown family", Good, "expected is Unsupported")]
    [InlineData("other protocol", Good, "expected is InfraError")]
    [InlineData("bad request", Good, "expected is InfraError or Failed")]
    public async Task A_worker_that_breaks_a_rule_is_told_which_and_how(string rule, string script, string expected)
    {
        var verdict = await Check(new WorkerCommand("/bin/sh", ["-c", script])).RunAsync(Cancellation)
            .FirstAsync(verdict => verdict.Rule == rule, Cancellation);

        Assert.Equal(Verdict.Broken, verdict.Verdict);
        Assert.Contains(expected, verdict.Detail);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("end of input")]
    public async Task A_worker_that_does_not_stop_when_it_is_asked_to_breaks_the_rule(string rule)
    {
        var deaf = Shell.Hello + Request + Phase + "exec sleep 600";
        var check = new WorkerCheck(new WorkerCommand("/bin/sh", ["-c", deaf]), Sums.Request(Sums.Trial()), TimeSpan.FromSeconds(1),
            TimeProvider.System);
        var verdict = await check.RunAsync(Cancellation).FirstAsync(verdict => verdict.Rule == rule, Cancellation);

        Assert.Equal(Verdict.Broken, verdict.Verdict);
        Assert.Contains("no line for 1 s", verdict.Detail);
    }

    [Fact]
    public async Task A_run_that_is_over_before_it_can_be_stopped_leaves_the_rule_untested()
    {
        var verdict = await Check(new WorkerCommand("/bin/sh", ["-c", Good])).RunAsync(Cancellation)
            .FirstAsync(verdict => verdict.Rule == "cancel", Cancellation);

        Assert.Equal(Verdict.Untested, verdict.Verdict);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static WorkerCheck Check(WorkerCommand command) =>
        new(command, Sums.Request(Sums.Trial("adder@1", """{"epochs":2000}""")), TimeSpan.FromMinutes(1), TimeProvider.System);
}
