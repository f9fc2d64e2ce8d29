namespace Suites.SpikingTransformers.Networks.TwoPoint;

/// <summary>What a unit transmits of its receptive field R, given its context C; nothing below 0 is transmitted.</summary>
public enum Transfer
{
    /// <summary>ReLU(R): the context is not looked at.</summary>
    Alone,
    /// <summary>ReLU(R + C): a point neuron, to which context is input like any other.</summary>
    Point,
    /// <summary>R / 2 (1 + exp(RC)), RC within -6..6 (Kay and Phillips 2011), rectified.</summary>
    KayPhillips,
    /// <summary>ReLU6(R^2 + 2 R + C (1 + |R|)) (Adeel et al. 2023).</summary>
    Cooperation,
    /// <summary>ReLU(R) sigmoid(C): a gate without any claim, the control.</summary>
    Gated,
}
