using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Harness.Core.Registry;

/// <summary>One hyper-parameter of a record: a primary-constructor parameter and the property it fills.</summary>
sealed record RecordMember(string Name, ParameterInfo Parameter, PropertyInfo Property)
{
    public Type Type => Parameter.ParameterType;
    public AllowedValues Allowed { get; } = AllowedValues.Of(Parameter, Property);
    /// <summary>True for <c>int?</c> and <c>string?</c> alike: null is one of its values.</summary>
    public bool MayBeNull { get; } = new NullabilityInfoContext().Create(Property).ReadState == NullabilityState.Nullable;
}

/// <summary>What reflection knows of a configuration record: its primary constructor and members, in order.</summary>
sealed class RecordShape
{
    static readonly ConcurrentDictionary<Type, RecordShape> Known = new();
    readonly Type _type;
    readonly ConstructorInfo _constructor;

    RecordShape(Type type)
    {
        _type = type;
        _constructor = PrimaryConstructor(type);
        Members = [.. _constructor.GetParameters().Select(parameter => new RecordMember(
            JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameter, PropertyOf(type, parameter)!))];
    }

    public IReadOnlyList<RecordMember> Members { get; }

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, static found => new RecordShape(found));

    /// <summary>Makes the record.</summary>
    /// <exception cref="ArgumentException">The constructor itself refuses an argument.</exception>
    public object Create(object?[] arguments) => _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);

    public override string ToString() => _type.Name;

    static ConstructorInfo PrimaryConstructor(Type type)
    {
        const BindingFlags instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return type.GetConstructors(instance)
            .Where(constructor => constructor.GetParameters() is not [{ } only] || only.ParameterType != type)
            .Where(constructor => constructor.GetParameters().All(parameter => PropertyOf(type, parameter) is not null))
            .MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new HarnessException($"{type.Name} cannot be configured: it has no constructor whose parameters are all "
                + "properties of the same name; write it as a sealed record with a primary constructor.");
    }

    static PropertyInfo? PropertyOf(Type type, ParameterInfo parameter) =>
        type.GetProperty(parameter.Name!) is { CanRead: true } property && property.PropertyType == parameter.ParameterType
            ? property
            : null;
}
