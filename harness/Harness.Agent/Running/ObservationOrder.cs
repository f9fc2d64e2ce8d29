namespace Harness.Agent.Running;

/// <summary>Holds a worker to the order of the protocol: hello first, predictions consecutive, nothing after the end.</summary>
sealed class ObservationOrder
{
    int predictions;

    /// <summary>True once the worker has said hello in a version this agent speaks.</summary>
    public bool Greeted { get; private set; }
    public string Phase { get; private set; } = "start";

    /// <exception cref="ProtocolException">The observation may not come here.</exception>
    /// <exception cref="UnsupportedException">The worker speaks another version of the protocol.</exception>
    public void Accept(Observation observation)
    {
        switch (observation)
        {
            case Hello { Protocol: not WorkerLine.Protocol } hello:
                throw new UnsupportedException($"The worker {hello.Worker} {hello.Version} speaks protocol {hello.Protocol}, " +
                    $"this agent speaks {WorkerLine.Protocol}.");
            case Hello when Greeted:
                throw new ProtocolException("The worker said hello twice.");
            case Hello:
                Greeted = true;
                break;
            case var _ when !Greeted:
                throw new ProtocolException($"The first line must be a hello, it was a {observation.GetType().Name}.");
            case PhaseStarted phase:
                Phase = phase.Phase;
                break;
            case Predicted predicted when predicted.First != predictions:
                throw new ProtocolException($"Predictions must be consecutive: expected sample {predictions} next, got {predicted.First}.");
            case Predicted predicted:
                predictions += predicted.Predictions.Count;
                break;
        }
    }
}
