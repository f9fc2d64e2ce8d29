namespace Harness.Spiking.Nir;

/// <summary>A node with a state, whose parameters all have the shape of its signal.</summary>
public abstract record NirNeuron : NirNode
{
    private protected NirNeuron() { }

    /// <summary>The parameter whose shape is the signal's.</summary>
    internal abstract NirArray Form { get; }
}

/// <summary>v′ = R x; y = v.</summary>
public sealed record NirIntegrator(NirArray R) : NirNeuron
{
    public override string Kind => "I";
    internal override NirArray Form => R;
}

/// <summary>v′ = R x; where v > threshold, y = 1 and v = reset.</summary>
public sealed record NirIntegrateAndFire(NirArray R, NirArray Threshold, NirArray Reset) : NirNeuron
{
    public override string Kind => "IF";
    internal override NirArray Form => Threshold;
}

/// <summary>τ v′ = leak − v + R x; y = v.</summary>
public sealed record NirLeakyIntegrator(NirArray Tau, NirArray R, NirArray Leak) : NirNeuron
{
    public override string Kind => "LI";
    internal override NirArray Form => Tau;
}

/// <summary>τ v′ = leak − v + R x; where v > threshold, y = 1 and v = reset.</summary>
public sealed record NirLif(NirArray Tau, NirArray R, NirArray Leak, NirArray Threshold, NirArray Reset) : NirNeuron
{
    public override string Kind => "LIF";
    internal override NirArray Form => Tau;
}

/// <summary>τ_syn i′ = −i + w x; τ_mem v′ = leak − v + R i; y = v.</summary>
public sealed record NirCubaLeakyIntegrator(NirArray SynapseTau, NirArray MembraneTau, NirArray R, NirArray Leak, NirArray InputWeight)
    : NirNeuron
{
    public override string Kind => "CubaLI";
    internal override NirArray Form => MembraneTau;
}

/// <summary>τ_syn i′ = −i + w x; τ_mem v′ = leak − v + R i; where v > threshold, y = 1 and v = reset.</summary>
public sealed record NirCubaLif(NirArray SynapseTau, NirArray MembraneTau, NirArray R, NirArray Leak, NirArray Threshold, NirArray Reset,
    NirArray InputWeight) : NirNeuron
{
    public override string Kind => "CubaLIF";
    internal override NirArray Form => MembraneTau;
}

/// <summary>y = 1 where x > threshold, else 0.</summary>
public sealed record NirThreshold(NirArray Threshold) : NirNeuron
{
    public override string Kind => "Threshold";
    internal override NirArray Form => Threshold;
}
