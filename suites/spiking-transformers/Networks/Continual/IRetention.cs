using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>Keeps what earlier tasks need, by changing gradients of weights. Tasks begin and end one after the other.</summary>
interface IRetention : IDisposable
{
    /// <summary>Before the first batch of task <paramref name="task"/>, 0-based.</summary>
    void Begin(int task);

    /// <summary>What the weights of <paramref name="layer"/> are moved against: [outputs, inputs]. May learn from the batch.</summary>
    Tensor Gradient(int layer, Credit credit);

    /// <summary>After the last batch of a task; <paramref name="lessons"/> are some samples of its training part, seen again.</summary>
    void End(IEnumerable<Lesson> lessons);
}

/// <summary>Keeps nothing.</summary>
sealed class NoRetention : IRetention
{
    public void Begin(int task) { }

    public Tensor Gradient(int layer, Credit credit) => credit.Of(credit.Before);

    public void End(IEnumerable<Lesson> lessons) { }

    public void Dispose() { }
}
