using System.Threading.Channels;
using Harness.Queue;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>
/// Holds a lease while its job runs: renews it three times in its span and tells how far the run is. When the network is gone the run goes
/// on; when the coordinator says that the lease is lost, the run is ended, because another device has the job.
/// </summary>
sealed class Tenure : IAsyncDisposable
{
    const int Waiting = 64;

    readonly AgentParts _parts;
    readonly Lease _lease;
    readonly CancellationTokenSource _over = new();
    readonly CancellationTokenSource _lost = new();
    readonly Channel<ProgressRequest> _news = Channel.CreateBounded<ProgressRequest>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    readonly Task _renewing, _telling;
    int _disposed;

    public Tenure(AgentParts parts, Lease lease)
    {
        (_parts, _lease) = (parts, lease);
        _renewing = RenewAsync();
        _telling = TellAsync();
    }

    /// <summary>Cancelled when another device has the job.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Watch(Observation observation)
    {
        var news = new ProgressRequest(_lease.Job.Id, _lease.Token, DeviceState.Running);
        if (observation is PhaseStarted phase) _news.Writer.TryWrite(news with { Phase = phase.Phase });
        if (observation is Trained trained) _news.Writer.TryWrite(news with { Point = trained.Point });
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _news.Writer.TryComplete();
        await _over.CancelAsync();
        await Task.WhenAll(_renewing, _telling);
        _over.Dispose();
        _lost.Dispose();
    }

    async Task RenewAsync()
    {
        var request = new ProgressRequest(_lease.Job.Id, _lease.Token, DeviceState.Running);
        while (true)
        {
            try
            {
                await Task.Delay(_lease.Duration / 3, _parts.Time, _over.Token);
                var condition = _parts.Gates.Condition();
                var answer = await _parts.Link.AskAsync<ProgressRequest,
                    Done>("renew", request with { Celsius = condition.Celsius }, _over.Token);
                if (answer.Held) continue;
                await _lost.CancelAsync();
                return;
            }
            catch (OperationCanceledException) { return; }
            catch (LinkDownException) { } // the run goes on; its result waits in the spool
            catch (RefusedException refused) when (refused.MayPass) { }
            catch (RefusedException)
            {
                await _lost.CancelAsync();
                return;
            }
        }
    }

    async Task TellAsync()
    {
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(_over.Token))
            {
                try { await _parts.Link.AskAsync<ProgressRequest, Done>("progress", news, _over.Token); }
                catch (HarnessException) { } // news is for people who watch; results do not need it
            }
        }
        catch (OperationCanceledException) { }
    }
}
