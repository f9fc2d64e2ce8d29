namespace Suites.SpikingTransformers.Learning;

/// <summary>A network that changes with the epochs of its training, otherwise than by its gradients.</summary>
interface IAnnealed
{
    /// <param name="epoch">The one that begins, counted from 1.</param>
    /// <param name="epochs">That the recipe asks for.</param>
    void Anneal(int epoch, int epochs);
}

/// <summary>A network some parameters of which learn at a rate of their own; these are not decayed.</summary>
interface IOwnRates
{
    /// <summary>Times the recipe's rate; null for a parameter like any other.</summary>
    double? RateOf(string parameter);
}
