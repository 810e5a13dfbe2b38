#pragma once

#include "doctor/check.h"

#include <memory>
#include <vector>

namespace cloudnode {

/// Runs checks side by side, and tells their findings in the order the checks were added.
class Doctor : public QObject {
    Q_OBJECT

public:
    explicit Doctor(std::chrono::milliseconds limit) : m_limit(limit) {}

    void add(std::unique_ptr<Check> check);
    void add(const Finding &finding); ///< something that is known already
    void start();

signals:
    void found(const cloudnode::Finding &finding);
    void finished(bool healthy);

private:
    struct Item {
        std::unique_ptr<Check> check; ///< none: known from the start
        QList<Finding> findings;
        bool concluded = false;
    };

    void take(size_t index, const QList<Finding> &findings);
    void tell();

    std::chrono::milliseconds m_limit; ///< for each check
    std::vector<Item> m_items;
    size_t m_told = 0; ///< items
    bool m_healthy = true;
};

} // namespace cloudnode
